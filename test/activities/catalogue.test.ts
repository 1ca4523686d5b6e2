import { chmod, mkdtemp, readFile, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shippedCount } from '../support/shipped.ts';
import { createBreaker } from '../../activities/catalogue/breaker.ts';
import { createCatalogue } from '../../activities/catalogue/create-catalogue.ts';
import { createDrainEmbeddings } from '../../activities/drain-embeddings.ts';
import { createLexicalEmbedder } from '../../activities/gateways/embedding/lexical-embedder.ts';
import { openDatabase, type Database } from '../../activities/gateways/postgres/database.ts';
import { createRecordActivities } from '../../activities/records/create-record-activities.ts';
import { createIncidentReader } from '../../activities/read-incidents.ts';
import { seedRecipients } from '../../workers/seed-recipients.ts';
import { playbookSchema } from '../../domain/playbook/playbook.ts';
import { testDatabase } from '../support/shared-postgres.ts';
import { healLogRecord, incidentRecord, insightRecord } from './record-samples.ts';

const embedder = createLexicalEmbedder();
const seed = playbookSchema.parse({ name: 'a-seed', errorType: 'UNKNOWN', actionType: 'ALERT_ONLY' });
const seeds = { playbooks: [seed], recipients: seedRecipients };
const nowhere = openDatabase({ url: 'postgres://u@127.0.0.1:1/x' });

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await testDatabase() });
});
afterAll(() => database.close());

const newDir = () => mkdtemp(join(tmpdir(), 'autoheal-snapshots-'));
const run = async (sql: string) => {
  const result = await database.query(sql);
  if (!result.ok) throw new Error(result.message);
};

describe('the catalogue', () => {
  it('comes from the database, then from the last good snapshot, and before the first one from the seeds', async () => {
    const snapshotDir = await newDir();
    const reach = (where: Database) => createCatalogue({ database: where, snapshotDir, seeds, embedder });

    const before = await reach(nowhere).playbooks();
    expect([before.source, before.playbooks]).toEqual(['seeds', [seed]]);
    expect(before.problems.join()).toMatch(/cannot be reached/);
    expect((await reach(nowhere).recipients()).recipients).toEqual(seedRecipients);

    const live = await reach(database).playbooks();
    expect([live.source, live.playbooks.length, live.problems]).toEqual(['database', shippedCount, []]);
    expect((await reach(database).recipients()).recipients).toEqual(seedRecipients);

    const after = await reach(nowhere).playbooks();
    expect([after.source, after.playbooks]).toEqual(['snapshot', live.playbooks]);
    expect((await reach(nowhere).recipients()).source).toBe('snapshot');
    expect((await stat(join(snapshotDir, 'playbooks.json'))).mode & 0o777).toBe(0o600);
  });

  it('leaves a broken row out, says so, and uses the others', async () => {
    await run(`INSERT INTO playbooks (name, error_type, action_type, action_params)
      VALUES ('broken-one', 'DNS_FAIL', 'DOCKER_RESTART', '{"container": "momo-db"}')`);
    const catalogue = createCatalogue({ database, snapshotDir: await newDir(), seeds, embedder });
    const { playbooks, problems } = await catalogue.playbooks();
    expect(playbooks.map(({ name }) => name)).not.toContain('broken-one');
    expect(problems).toEqual([expect.stringMatching(/left out \(broken-one\): actionParams/)]);
    await run(`DELETE FROM playbooks WHERE name = 'broken-one'`);
  });

  it('rewrites a snapshot only when something changed, and goes on when it can’t', async () => {
    const snapshotDir = await newDir();
    const file = join(snapshotDir, 'playbooks.json');
    const read = () => createCatalogue({ database, snapshotDir, seeds, embedder }).playbooks();
    await read();
    await utimes(file, 1, 1);
    await read();
    expect((await stat(file)).mtimeMs).toBe(1000);
    await run(`UPDATE playbooks SET cooldown_min = cooldown_min + 1 WHERE name = 'unknown'`);
    await read();
    expect((await stat(file)).mtimeMs).toBeGreaterThan(1000);
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('items');

    const blocked = createCatalogue({ database, snapshotDir: join(file, 'not-a-folder'), seeds, embedder });
    const answer = await blocked.playbooks();
    expect([answer.source, answer.problems.length]).toEqual(['database', 1]);
    await chmod(file, 0o600);
  });

  it('reads a snapshot that was damaged as none', async () => {
    const snapshotDir = await newDir();
    await createCatalogue({ database, snapshotDir, seeds, embedder }).playbooks();
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(snapshotDir, 'playbooks.json'), '{"savedAt": "2026');
    const answer = await createCatalogue({ database: nowhere, snapshotDir, seeds, embedder }).playbooks();
    expect(answer.source).toBe('seeds');
  });

  it('leaves inactive people out and gives strange rows everything', async () => {
    await run(`INSERT INTO telegram_users (telegram_id, is_active, min_severity, locale)
      VALUES (1, false, 'P1', 'en'), (2, true, 'loud', 'fr')`);
    const { recipients } = await createCatalogue({
      database,
      snapshotDir: await newDir(),
      seeds,
      embedder,
    }).recipients();
    expect(recipients).toEqual([
      ...seedRecipients,
      {
        telegramId: '2',
        name: null,
        isAdmin: false,
        minSeverity: 'P4',
        locale: null,
        level: 1,
        timeZone: null,
      },
    ]);
  });

  it('doesn’t ask a database that was just away, then asks again', async () => {
    let now = 0;
    let asked = 0;
    const breaker = createBreaker({ now: () => now });
    const ask = () =>
      breaker.ask(() => {
        asked += 1;
        return nowhere.query('SELECT 1');
      });
    for (const at of [0, 1000, 4999, 5001]) {
      now = at;
      expect(await ask()).toMatchObject({ ok: false, kind: 'away' });
    }
    expect(asked).toBe(2);
  });

  it('waits a second for an answer, not longer', async () => {
    const breaker = createBreaker({ timeoutMs: 200 });
    const began = Date.now();
    expect(await breaker.ask(() => database.query('SELECT pg_sleep(3)'))).toMatchObject({ code: 'TIMEOUT' });
    expect(Date.now() - began).toBeLessThan(2500);
  });
});

describe('experience', () => {
  it('grades playbooks by how incidents ended, relapses within the hour included', async () => {
    const records = createRecordActivities({ database, spoolDir: await newDir() });
    const now = Date.now();
    const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
    const cases = [
      { status: 'resolved', result: 'success', first: -300, fingerprint: '1' },
      { status: 'resolved', result: 'success', first: -280, fingerprint: '2' },
      { status: 'resolved', result: 'success', first: -275, fingerprint: '2' },
      { status: 'escalated', result: 'failure', first: -200, fingerprint: '3' },
    ] as const;
    for (const { status, result, first, fingerprint } of cases) {
      const record = incidentRecord({
        fingerprint,
        status,
        target: 'graded',
        firstSeenAt: at(first),
        resolvedAt: status === 'resolved' ? at(first + 1) : null,
      });
      await records.writeIncident({ record });
      await records.writeHealLog({ record: healLogRecord(record.id, { result }) });
      await records.writeHealLog({
        record: healLogRecord(record.id, { idempotencyKey: `${record.id}/2`, attempt: 2, result: 'skipped' }),
      });
    }
    const catalogue = createCatalogue({ database, snapshotDir: await newDir(), seeds, embedder });
    const grade = [{ playbook: 'container-unhealthy', resolved: 2, failed: 2 }];
    expect(await catalogue.grades('CONTAINER_UNHEALTHY', 'graded')).toEqual(grade);
    expect(await catalogue.grades('CONTAINER_UNHEALTHY', 'another')).toEqual([]);
    expect(await catalogue.grades('CONTAINER_UNHEALTHY', null)).toEqual(grade);
  });

  it('finds similar cases by vector, by error type before there are vectors, and nothing while the database is away', async () => {
    const records = createRecordActivities({ database, spoolDir: await newDir() });
    const incident = incidentRecord({ errorType: 'DNS_FAIL' });
    await records.writeIncident({ record: incident });
    const symptom = 'could not translate host name "momo-postgres" to address';
    await records.writeInsight({
      record: insightRecord(incident.id, { symptom, action: 'waited', result: 'resolves again' }),
    });
    await records.writeInsight({
      record: insightRecord(incidentRecord().id, { symptom: 'no space left on device', event: 'DISK_FULL' }),
    });
    const catalogue = createCatalogue({ database, snapshotDir: await newDir(), seeds, embedder });

    expect(
      (await catalogue.search('DNS_FAIL something', 3)).found.map((found) => [
        found.symptom,
        found.similarity,
      ]),
    ).toEqual([[symptom, null]]);
    await createDrainEmbeddings({ database, embedder })({ limit: 100 });
    const {
      found: [best],
    } = await catalogue.search('DNS_FAIL could not translate host name "other-db" to address', 3);
    expect(best?.symptom).toBe(symptom);
    expect(best?.similarity).toBeGreaterThan(0.3);
    expect((await catalogue.similarCases('could not translate host name', 1)).cases[0]).toMatch(
      /^\d{4}-\d\d-\d\d: could not translate host name .* → waited → resolves again$/,
    );

    const away = createCatalogue({ database: nowhere, snapshotDir: await newDir(), seeds, embedder });
    const none = await away.similarCases('DNS_FAIL x', 3);
    expect(none).toEqual({ cases: [], problem: expect.stringMatching(/cannot be reached/) as string });
    expect(await away.grades('DNS_FAIL', null)).toEqual([]);
  });
});

describe('looking back at incidents', () => {
  it('lists them, the newest first, and shows one with its heal logs and insight', async () => {
    const records = createRecordActivities({ database, spoolDir: await newDir() });
    const record = incidentRecord({
      status: 'escalated',
      firstSeenAt: '2031-01-01T00:00:00.000Z',
      metadata: { a: 1 },
    });
    await records.writeIncident({ record });
    await records.writeIncident({
      record: incidentRecord({ status: 'escalated', firstSeenAt: '2030-01-01T00:00:00.000Z' }),
    });
    await records.writeHealLog({ record: healLogRecord(record.id) });
    await records.writeInsight({ record: insightRecord(record.id) });
    const reader = createIncidentReader({ database });

    const [newest] = await reader.list({ limit: 1 });
    expect(newest).toMatchObject({
      id: record.id,
      errorType: record.errorType,
      firstSeenAt: record.firstSeenAt,
      relapseOf: null,
    });
    const older = await reader.list({ status: 'escalated', limit: 1, before: record.firstSeenAt });
    expect(older[0]?.firstSeenAt).toBe('2030-01-01T00:00:00.000Z');
    expect(await reader.show(record.id)).toMatchObject({
      id: record.id,
      metadata: { a: 1 },
      healLogs: [{ attempt: 1, result: 'success', durationMs: 812 }],
      insight: { lesson: 'a restart helps' },
    });
    expect(await reader.show('no-uuid')).toBeNull();
    await expect(createIncidentReader({ database: nowhere }).list({ limit: 1 })).rejects.toMatchObject({
      code: 'DATABASE_AWAY',
    });
  });
});
