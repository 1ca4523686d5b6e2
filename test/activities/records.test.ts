import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordActivities } from '../../activities/records/create-record-activities.ts';
import { openDatabase, type Database } from '../../activities/gateways/postgres/database.ts';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import { testDatabase } from '../support/shared-postgres.ts';
import { healLogRecord, incidentRecord, insightRecord } from './record-samples.ts';

let database: Database;
let spoolDir: string;
let activities: ReturnType<typeof createRecordActivities>;

beforeAll(async () => {
  database = openDatabase({ url: await testDatabase() });
  spoolDir = await mkdtemp(join(tmpdir(), 'autoheal-spool-'));
  activities = createRecordActivities({ database, spoolDir });
});
afterAll(() => database.close());

async function rows(sql: string, ...params: string[]): Promise<Record<string, unknown>[]> {
  const answer = await database.query(sql, params);
  if (!answer.ok) throw new Error(answer.message);
  return answer.rows;
}

async function failureOf(attempt: Promise<unknown>): Promise<ApplicationFailure> {
  const outcome = await attempt.then(
    () => new Error('it was written'),
    (error: unknown) => error,
  );
  if (!(outcome instanceof ApplicationFailure)) throw new Error('no ApplicationFailure', { cause: outcome });
  return outcome;
}

describe('writeIncident', () => {
  it('writes the same record twice as one row, and finds its playbook by name', async () => {
    const record = incidentRecord({ metadata: { why: 'test' } });
    expect(await activities.writeIncident({ record })).toEqual({ written: true });
    expect(await activities.writeIncident({ record })).toEqual({ written: true });
    const found = await rows(
      `SELECT i.status, i.metadata, p.name FROM incidents i JOIN playbooks p ON p.id = i.playbook_id WHERE i.id = $1`,
      record.id,
    );
    expect(found).toEqual([{ status: 'acting', metadata: { why: 'test' }, name: 'container-unhealthy' }]);
  });

  it('never lets an older state overwrite a newer one', async () => {
    const id = randomUUID();
    const states = ['open', 'acting', 'verifying', 'resolved'] as const;
    const writes = states.map((status, index) => ({
      record: incidentRecord({ id, status, revision: index + 1 }),
    }));
    await Promise.all(writes.toReversed().map((write) => activities.writeIncident(write)));
    await Promise.all(writes.map((write) => activities.writeIncident(write)));
    expect(await rows('SELECT status, revision FROM incidents WHERE id = $1', id)).toEqual([
      { status: 'resolved', revision: 4 },
    ]);
  });

  it('links a relapse to the latest incident resolved in the 24 hours before', async () => {
    const fingerprint = 'a'.repeat(32);
    const write = async (hours: { first: number; resolved?: number }, revision = 1) => {
      const at = (hour: number) => new Date(Date.UTC(2026, 3, 19, hour)).toISOString();
      const record = incidentRecord({
        fingerprint,
        revision,
        firstSeenAt: at(hours.first),
        status: hours.resolved === undefined ? 'open' : 'resolved',
        resolvedAt: hours.resolved === undefined ? null : at(hours.resolved),
      });
      await activities.writeIncident({ record });
      return record.id;
    };
    const relapseOf = async (id: string) =>
      (await rows('SELECT relapse_of FROM incidents WHERE id = $1', id))[0]?.['relapse_of'];
    const first = await write({ first: 0, resolved: 1 });
    const second = await write({ first: 5, resolved: 6 });
    const third = await write({ first: 29 });
    const muchLater = await write({ first: 60 });
    expect(await relapseOf(first)).toBeNull();
    expect(await relapseOf(second)).toBe(first);
    expect(await relapseOf(third)).toBe(second);
    expect(await relapseOf(muchLater)).toBeNull();
  });

  it('takes NUL bytes and half surrogates, in text, keys and values', async () => {
    const record = incidentRecord({
      message: 'a\0b\ud800c 😀',
      metadata: { 'k\0': ['\0', '\udc00', '\\u0000'] },
    });
    await activities.writeIncident({ record });
    expect(await rows('SELECT message, metadata FROM incidents WHERE id = $1', record.id)).toEqual([
      { message: 'a\ufffdb\ufffdc 😀', metadata: { 'k\ufffd': ['\ufffd', '\ufffd', '\\u0000'] } },
    ]);
  });

  it('sets aside, for its owner’s eyes only, what the database will never take', async () => {
    const record = incidentRecord({ firstSeenAt: 'yesterday-ish' });
    const failure = await failureOf(activities.writeIncident({ record }));
    expect([failure.type, failure.nonRetryable]).toEqual([failureTypes.recordRefused, true]);
    const [{ file, reason }] = failure.details as [{ file: string; reason: string }];
    expect(reason).toMatch(/yesterday-ish/);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      kind: 'incident',
      record: { id: record.id },
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await failureOf(activities.writeIncident({ record }));
    expect(await readdir(join(spoolDir, 'refused-records'))).toHaveLength(1);
  });

  it('stays owed when it can be neither written nor set aside', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'autoheal-spool-'));
    await chmod(closed, 0o500);
    const owed = createRecordActivities({ database, spoolDir: join(closed, 'file-in-the-way\0') });
    const failure = await failureOf(owed.writeIncident({ record: incidentRecord({ firstSeenAt: 'never' }) }));
    expect([failure.type, failure.nonRetryable]).toEqual([failureTypes.databaseAway, false]);
  });

  it('stays owed while the database is away', async () => {
    const away = openDatabase({ url: 'postgres://u:s3cret-word@127.0.0.1:1/x' });
    const owed = createRecordActivities({ database: away, spoolDir });
    const failure = await failureOf(owed.writeIncident({ record: incidentRecord() }));
    expect([failure.type, failure.nonRetryable]).toEqual([failureTypes.databaseAway, false]);
    expect(failure.message).not.toMatch(/s3cret/);
    await away.close();
  });

  it('stays owed while the database isn’t migrated, and says what to run', async () => {
    const empty = openDatabase({ url: await testDatabase({ empty: true }) });
    const owed = createRecordActivities({ database: empty, spoolDir });
    const failure = await failureOf(owed.writeIncident({ record: incidentRecord() }));
    expect([failure.type, failure.nonRetryable]).toEqual([failureTypes.databaseAway, false]);
    expect(failure.message).toMatch(/Run `autoheal migrate`/);
    await empty.close();
  });
});

describe('writeHealLog', () => {
  it('keeps the first write of an attempt', async () => {
    const record = incidentRecord();
    await activities.writeIncident({ record });
    const log = healLogRecord(record.id);
    await Promise.all([1, 2, 3].map(() => activities.writeHealLog({ record: log })));
    await activities.writeHealLog({ record: { ...log, result: 'failure' } });
    expect(
      await rows('SELECT result, duration_ms, steps FROM heal_logs WHERE incident_id = $1', record.id),
    ).toEqual([{ result: 'success', duration_ms: 812, steps: log.steps }]);
  });

  it('does not wait for its incident’s own record, which replaces the stand-in', async () => {
    const record = incidentRecord({ status: 'resolved' });
    await activities.writeHealLog({ record: healLogRecord(record.id) });
    expect(await rows('SELECT status, metadata FROM incidents WHERE id = $1', record.id)).toEqual([
      { status: 'open', metadata: { standIn: true } },
    ]);
    await activities.writeIncident({ record });
    expect(await rows('SELECT status, message, metadata FROM incidents WHERE id = $1', record.id)).toEqual([
      { status: 'resolved', message: record.message, metadata: {} },
    ]);
  });

  it('outlives its playbook', async () => {
    await rows(
      `INSERT INTO playbooks (name, error_type, action_type) VALUES ('short-lived', 'UNKNOWN', 'ALERT_ONLY')`,
    );
    const record = incidentRecord({ playbook: 'short-lived' });
    await activities.writeIncident({ record });
    await activities.writeHealLog({ record: healLogRecord(record.id, { playbook: 'short-lived' }) });
    await rows(`DELETE FROM playbooks WHERE name = 'short-lived'`);
    expect(
      await rows('SELECT playbook, playbook_id FROM heal_logs WHERE incident_id = $1', record.id),
    ).toEqual([{ playbook: 'short-lived', playbook_id: null }]);
  });
});

describe('writeInsight', () => {
  it('writes one for each incident, with the five parts, and it is queued by itself', async () => {
    const record = insightRecord(randomUUID());
    await Promise.all([1, 2].map(() => activities.writeInsight({ record })));
    const found = await rows(
      `SELECT a.insight_type, a.event, a.symptom, a.action, a.result, a.lesson, q.attempts, q.done_at
       FROM ai_insights a JOIN embedding_retry_queue q ON q.insight_id = a.id WHERE a.incident_id = $1`,
      record.incidentId,
    );
    const { incidentId: _, metadata: __, insightType, ...parts } = record;
    expect(found).toEqual([{ insight_type: insightType, ...parts, attempts: 0, done_at: null }]);
  });
});
