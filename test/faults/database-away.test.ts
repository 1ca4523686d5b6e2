import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import { statusQuery } from '../../workflows/messages.ts';
import { setDiskFull, setReadOnly } from '../chaos/faults/database.ts';
import { openRows, type Rows } from '../chaos/site/rows.ts';
import { startPostgresProxy, type PostgresProxy } from '../chaos/site/postgres-proxy.ts';
import { quickPlaybooks, wideLimits } from '../chaos/site/quick-playbooks.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { cacheDir } from '../support/cache-dir.ts';
import { openWorld, type World } from '../support/world.ts';
import { breakContainer, exited, heal, restartsOf, resultOf, send, unresolved, until } from './reports.ts';

let postgres: TestPostgres;
let proxy: PostgresProxy;
let database: { rows: Rows; close: () => Promise<void> };
let world: World;

beforeAll(async () => {
  postgres = await startPostgres({ cacheDir });
  const databaseUrl = await postgres.createDatabase();
  database = openRows(databaseUrl);
  for (const sql of quickPlaybooks) await database.rows(sql);
  proxy = await startPostgresProxy(databaseUrl);
  // Away from the very beginning: no snapshot of the catalogue has ever been taken.
  proxy.refuse(true);
  world = await openWorld({
    databaseUrl: proxy.via(databaseUrl),
    lab: { estate: { limits: wideLimits } },
  });
});
afterAll(async () => {
  await world?.close();
  await proxy?.close();
  await database?.close();
  await postgres?.close();
});

interface Recorded {
  status: string;
  logs: number;
  insights: number;
  queued: number;
}

const recordedOf = async (incidentId: string): Promise<Recorded | undefined> =>
  (
    await database.rows<Recorded>(
      `SELECT status,
         (SELECT count(*)::int FROM heal_logs WHERE incident_id = incidents.id) AS logs,
         (SELECT count(*)::int FROM ai_insights WHERE incident_id = incidents.id) AS insights,
         (SELECT count(*)::int FROM embedding_retry_queue JOIN ai_insights ON insight_id = ai_insights.id
            WHERE incident_id = incidents.id) AS queued
       FROM incidents WHERE id = $1`,
      [incidentId],
    )
  )[0];

const messagesAbout = (incidentId: string) =>
  world.botApi.messages().filter(({ text }) => text.includes(incidentId));

/** Sends a report, and waits for its verdict only: what is owed may be owed for long. */
async function verdictOf(
  report: Report,
): Promise<{ incidentId: string; status: string; workflowId: string; runId: string }> {
  const sent = await send(world, report);
  const handle = world.client.workflow.getHandle(sent.workflowId, sent.runId);
  await until('there is a verdict', async () => (await handle.query(statusQuery)).verdict !== null, 30_000);
  const { incidentId, status } = await handle.query(statusQuery);
  return { incidentId, status, ...sent };
}

it('heals and tells people while the database was never there, and writes everything once it is', async () => {
  await breakContainer(world.lab, 'momo-web');
  const begunMs = Date.now();
  const { incidentId, status, ...run } = await verdictOf(exited('momo-web'));
  expect(Date.now() - begunMs).toBeLessThan(30_000);
  expect(status).toBe('resolved');
  expect(restartsOf(world.lab, 'momo-web')).toBe(1);
  await until('people are told', () => messagesAbout(incidentId).length === 1);

  const handle = world.client.workflow.getHandle(run.workflowId, run.runId);
  const { owed, waitingFor } = await handle.query(statusQuery);
  expect(owed).toMatchObject({ healLogs: 1, insights: 1 });
  expect(waitingFor).toBe('the records and messages it owes');
  expect((await handle.describe()).status.name).toBe('RUNNING');

  proxy.refuse(false);
  const result = await resultOf(world, { workflowId: run.workflowId, runId: run.runId });
  expect(result).toMatchObject({ status: 'resolved', catalogueSource: 'seeds' });
  expect(await recordedOf(incidentId)).toEqual({ status: 'resolved', logs: 1, insights: 1, queued: 1 });
  expect(messagesAbout(incidentId)).toHaveLength(1);
});

it('goes by the last good snapshot while the database is killed, a wait included', async () => {
  // One look at the catalogue, so that there is a snapshot: the database is asked again soon after an outage.
  await until('the database is asked again', async () => {
    const looked = await heal(world, { source: 'cli', error: { message: 'certificate has expired' } });
    return looked.catalogueSource === 'database';
  });
  await postgres.kill();
  const name = 'svc-snapshot';
  const sent = await send(world, unresolved(name));
  const handle = world.client.workflow.getHandle(sent.workflowId, sent.runId);
  await until('it waits', async () => (await handle.query(statusQuery)).status === 'waiting', 30_000);
  world.lab.names.set(name, '10.0.0.77');
  await until('it is over', async () => (await handle.query(statusQuery)).verdict !== null, 30_000);
  await postgres.start();
  const result = await resultOf(world, sent);
  expect(result).toMatchObject({ status: 'resolved', catalogueSource: 'snapshot' });
  expect(await recordedOf(result.incidentId)).toMatchObject({ status: 'resolved', insights: 1, queued: 1 });
});

it('writes every record once when the answers to the commits are lost', async () => {
  const before = proxy.dropped();
  await breakContainer(world.lab, 'momo-worker');
  proxy.dropAnswersTo('INSERT INTO', 4);
  const result = await heal(world, exited('momo-worker'));
  expect(proxy.dropped() - before).toBe(4);
  expect(await recordedOf(result.incidentId)).toEqual({
    status: 'resolved',
    logs: 1,
    insights: 1,
    queued: 1,
  });
  expect(messagesAbout(result.incidentId)).toHaveLength(1);
});

it('waits with its records for a database that only takes reads', async () => {
  await setReadOnly({ ...database, proxy }, true);
  const { incidentId, ...run } = await verdictOf({
    source: 'cli',
    error: { message: 'certificate has expired: ro' },
  });
  await until('people are told', () => messagesAbout(incidentId).length === 1);
  expect(await recordedOf(incidentId)).toBeUndefined();
  await setReadOnly({ ...database, proxy }, false);
  await resultOf(world, { workflowId: run.workflowId, runId: run.runId });
  expect(await recordedOf(incidentId)).toEqual({ status: 'alerted', logs: 1, insights: 1, queued: 1 });
});

it('waits with its records for a database whose disk is full', async () => {
  await setDiskFull(database, true);
  const { incidentId, ...run } = await verdictOf({
    source: 'cli',
    error: { message: 'certificate has expired: df' },
  });
  await until('people are told', () => messagesAbout(incidentId).length === 1);
  expect(await recordedOf(incidentId)).toBeUndefined();
  await setDiskFull(database, false);
  await resultOf(world, { workflowId: run.workflowId, runId: run.runId });
  expect(await recordedOf(incidentId)).toEqual({ status: 'alerted', logs: 1, insights: 1, queued: 1 });
});

it('is not held up by a database that takes connections and answers nothing', async () => {
  proxy.freeze(true);
  const begunMs = Date.now();
  const { status, incidentId, ...run } = await verdictOf({
    source: 'cli',
    error: { message: 'certificate has expired: frozen' },
  });
  expect(status).toBe('alerted');
  await until('people are told', () => messagesAbout(incidentId).length === 1);
  expect(Date.now() - begunMs).toBeLessThan(30_000);
  proxy.freeze(false);
  await resultOf(world, { workflowId: run.workflowId, runId: run.runId });
  expect(await recordedOf(incidentId)).toEqual({ status: 'alerted', logs: 1, insights: 1, queued: 1 });
});

it('sets aside what the database refuses for good, tells a person, and ends', async () => {
  const word = `refused-${randomUUID().slice(0, 4)}`;
  await database.rows(
    `ALTER TABLE heal_logs ADD CONSTRAINT never_that CHECK (action_type <> 'ALERT_ONLY') NOT VALID`,
  );
  try {
    const result = await heal(world, {
      source: 'cli',
      error: { message: `certificate has expired: ${word}` },
    });
    expect(result.status).toBe('alerted');
    expect(result.steps?.join('\n')).toContain('set aside');
    expect(await recordedOf(result.incidentId)).toEqual({
      status: 'alerted',
      logs: 0,
      insights: 1,
      queued: 1,
    });
    const told = messagesAbout(result.incidentId).map(({ text }) => text);
    expect(told.filter((text) => text.includes('Record set aside'))).toHaveLength(1);
    const dir = join(world.home, 'refused-records');
    const [file] = (await readdir(dir)).filter((name) => name.includes(result.incidentId));
    const kept = JSON.parse(await readFile(join(dir, file ?? ''), 'utf8')) as {
      reason: string;
      record: object;
    };
    expect(kept.reason).toContain('never_that');
    expect(kept.record).toMatchObject({ incidentId: result.incidentId, attempt: 1 });
  } finally {
    await database.rows('ALTER TABLE heal_logs DROP CONSTRAINT never_that');
  }
});
