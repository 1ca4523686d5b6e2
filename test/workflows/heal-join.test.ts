import { WorkflowFailedError } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incidentWorkflowId } from '../../client/deliver.ts';
import type { Report } from '../../domain/report.ts';
import { reportSignal, type HealStatus } from '../../workflows/messages.ts';
import { messagesOf, openHealWorld, unhealthy, until, type HealWorld } from './heal-world.ts';

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld([
    'app-joined',
    'app-late',
    'app-owing',
    'app-junk',
    'app-told',
    'app-again',
    'app-left',
  ]);
  await world.rows(`UPDATE playbooks SET max_retries = 20, action_params = action_params ||
    '{"backoffSec": 1.2, "maxBackoffSec": 1.2}' WHERE name = 'dns-fail'`);
});
afterAll(() => world.close());

const noName = (name: string, target: string): Report => ({
  source: 'task',
  target,
  error: { message: `could not translate host name "${name}" to address: Name or service not known` },
});
const incidentOf = (report: Report): string => incidentWorkflowId(report, world.delivery);

it('counts a second report on the open incident, also under ids of their own, and tells each its verdict', async () => {
  const report = noName('joined-db', 'app-joined');
  const first = await world.startForeign(report);
  const incident = world.client.workflow.getHandle(incidentOf(report));
  await until(
    async () => (await incident.query<HealStatus>('status').catch(() => null))?.status === 'waiting',
  );
  const second = await world.startForeign(report);
  await until(async () => (await incident.query<HealStatus>('status')).occurrences === 2);
  // A program may also signal to the run that it knows: its own.
  await first.signal(reportSignal, report);
  await second.signal(reportSignal, report);
  await until(async () => (await incident.query<HealStatus>('status')).occurrences === 4);
  expect(
    await second.executeUpdate('decide', { args: [{ approve: true, by: 'alice', nonce: 'x' }] }),
  ).toEqual({ accepted: false, reason: `this run stands in front of ${incident.workflowId}: decide there` });

  world.lab.names.set('joined-db', '10.0.0.77');
  const [one, two] = await Promise.all([world.resultOf(first), world.resultOf(second)]);
  expect(one).toMatchObject({
    status: 'resolved',
    playbook: 'dns-fail',
    occurrences: 4,
    verdict: { kind: 'retry_now' },
  });
  expect(one.mergedInto).toBeUndefined();
  expect(two).toMatchObject({ status: 'suppressed', mergedInto: one.incidentId, verdict: one.verdict });
  const rows = await world.rows("SELECT id, occurrences FROM incidents WHERE target = 'app-joined'");
  expect(rows).toEqual([{ id: one.incidentId, occurrences: 4 }]);
  expect(messagesOf(world, one.incidentId)).toHaveLength(2);
});

it('makes one incident, one message and a count of a thousand of a thousand reports at once', async () => {
  const report: Report = {
    source: 'task',
    task: 'noisy',
    error: { message: 'FATAL: password authentication failed for user "momo"' },
  };
  const workflowId = incidentOf(report);
  const { taskQueue, client } = world;
  const handles = await Promise.all(
    Array.from({ length: 1000 }, () =>
      client.workflow.signalWithStart('HealWorkflow', {
        workflowId,
        taskQueue,
        args: [report],
        signal: reportSignal,
        signalArgs: [report],
      }),
    ),
  );
  expect(new Set(handles.map(({ signaledRunId }) => signaledRunId)).size).toBe(1);
  const result = await world.resultOf(client.workflow.getHandle(workflowId));
  expect(result).toMatchObject({ status: 'alerted', occurrences: 1000 });
  const rows = await world.rows("SELECT id, occurrences, status FROM incidents WHERE task = 'noisy'");
  expect(rows).toEqual([{ id: result.incidentId, occurrences: 1000, status: 'alerted' }]);
  const { logs, insights, messages } = await world.tracesOf(result.incidentId);
  expect([logs.length, insights.length, messages.length]).toEqual([1, 1, 1]);
});

it('opens a new incident for a failure that comes back, and says of which one it is a relapse', async () => {
  const first = await world.heal(unhealthy('app-late'));
  const second = await world.heal(unhealthy('app-late'));
  expect(second.incidentId).not.toBe(first.incidentId);
  const { incident } = await world.tracesOf(second.incidentId);
  expect(incident).toMatchObject({ relapse_of: first.incidentId, occurrences: 1 });
});

it('goes on as a new incident when the failure comes back while records are still owed', async () => {
  const report = unhealthy('app-owing');
  const lock = new pg.Client({ connectionString: world.databaseUrl });
  await lock.connect();
  await lock.query('BEGIN; LOCK TABLE heal_logs IN ACCESS EXCLUSIVE MODE');
  try {
    const first = await world.startForeign(report);
    const incident = world.client.workflow.getHandle(incidentOf(report));
    const settled = await until(async () => {
      const seen = await incident.query<HealStatus>('status').catch(() => null);
      return seen?.status === 'resolved' ? seen : null;
    });
    expect(settled).toMatchObject({ verdict: { kind: 'retry_now' }, owed: { healLogs: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const second = await world.startForeign(report);
    const next = await until(async () => {
      const seen = await incident.query<HealStatus>('status').catch(() => null);
      return seen !== null && seen.incidentId !== settled.incidentId && seen.verdict !== null ? seen : null;
    });
    // Whoever reported the first failure has its verdict, though the database has not taken a thing.
    expect(await world.resultOf(first)).toMatchObject({ incidentId: settled.incidentId, status: 'resolved' });
    expect(await world.resultOf(second)).toMatchObject({ mergedInto: next.incidentId });
    await lock.query('ROLLBACK');
    await until(async () => (await incident.describe()).status.name === 'COMPLETED');
    const [one, two] = [await world.tracesOf(settled.incidentId), await world.tracesOf(next.incidentId)];
    expect([one.incident.status, two.incident.status]).toEqual(['resolved', 'resolved']);
    expect(two.incident.relapse_of).toBe(settled.incidentId);
    expect([one.logs.length, two.logs.length]).toEqual([1, 1]);
    expect([one.messages.length, two.messages.length]).toEqual([1, 1]);
  } finally {
    await lock.end();
  }
});

it('loses nothing that is owed when what comes next is no report, and lives through a malformed signal', async () => {
  const report = unhealthy('app-junk');
  const lock = new pg.Client({ connectionString: world.databaseUrl });
  await lock.connect();
  await lock.query('BEGIN; LOCK TABLE heal_logs IN ACCESS EXCLUSIVE MODE');
  const incident = world.client.workflow.getHandle(incidentOf(report));
  let settled: HealStatus;
  try {
    await world.startForeign(report);
    settled = await until(async () => {
      const seen = await incident.query<HealStatus>('status').catch(() => null);
      return seen?.verdict == null ? null : seen;
    });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const { runId } = await incident.describe();
    await incident.signal('reports', { ...report, shell: 'id' });
    await until(async () => (await incident.describe()).runId !== runId);
  } finally {
    await lock.query('ROLLBACK');
    await lock.end();
  }
  await until(async () => {
    const { logs, insights, messages } = await world.tracesOf(settled.incidentId);
    return logs.length === 1 && insights.length === 1 && messages.length === 1;
  });
});

it('writes down what is counted while late listeners are told, as the last thing of a run', async () => {
  const report = { ...unhealthy('app-told'), occurredAt: new Date().toISOString() };
  const lock = new pg.Client({ connectionString: world.databaseUrl });
  await lock.connect();
  await lock.query('BEGIN; LOCK TABLE heal_logs IN ACCESS EXCLUSIVE MODE');
  const incident = await world.open(report);
  let accepted = 1;
  const count = async (...args: [Report] | [Report, { workflowId: string; tellsOutcome: boolean }]) => {
    await incident.signal('report', ...args);
    accepted += 1;
  };
  try {
    await until(async () => (await incident.query<HealStatus>('status')).verdict !== null);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const listeners = Array.from({ length: 150 }, (_, at) => ({
      workflowId: `gone-${at}`,
      tellsOutcome: false,
    }));
    await Promise.all(listeners.map((listener) => count(report, listener)));
  } finally {
    await lock.query('ROLLBACK');
    await lock.end();
  }
  for (let more = 0; more < 100; more++) await count(report).catch(() => undefined);
  await until(async () => (await incident.describe()).status.name === 'COMPLETED');
  expect((await world.tracesOf(incident.incidentId)).incident.occurrences).toBe(accepted);
});

it('counts a report once that is sent again when its incident is settled, and opens no other for it', async () => {
  const report = { ...unhealthy('app-again'), reportId: 'sent twice' };
  const lock = new pg.Client({ connectionString: world.databaseUrl });
  await lock.connect();
  await lock.query('BEGIN; LOCK TABLE heal_logs IN ACCESS EXCLUSIVE MODE');
  try {
    const incident = await world.open(report);
    await until(async () => (await incident.query<HealStatus>('status')).verdict !== null);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await world.open(report)).toMatchObject({ incidentId: incident.incidentId });
    await lock.query('ROLLBACK');
    expect(await world.resultOf(incident)).toMatchObject({ incidentId: incident.incidentId, occurrences: 1 });
  } finally {
    await lock.end();
  }
  expect(await world.rows("SELECT occurrences FROM incidents WHERE target = 'app-again'")).toEqual([
    { occurrences: 1 },
  ]);
});

it('keeps the failure that a cancelled run reported: on record without healing, or with its incident', async () => {
  const report = unhealthy('app-left');
  const { client, taskQueue } = world;
  // Cancelled before a worker has seen it.
  const workflowId = incidentOf(report);
  const delayed = { workflowId, taskQueue, args: [report], startDelay: '1s' };
  const unseen = await client.workflow.start('HealWorkflow', delayed);
  await unseen.cancel();
  const cancelled = await world.resultOf(unseen);
  expect(cancelled).toMatchObject({ status: 'suppressed', occurrences: 1 });
  expect((await world.tracesOf(cancelled.incidentId)).incident.status).toBe('suppressed');
  expect(world.restartsOf('app-left')).toBe(0);

  const front = await client.workflow.start('HealWorkflow', { ...delayed, workflowId: 'scheduler-left' });
  await front.cancel();
  await expect(front.result()).rejects.toThrow(WorkflowFailedError);
  const kept = await world.resultOf(client.workflow.getHandle(workflowId));
  expect(kept).toMatchObject({ status: 'resolved', occurrences: 1 });
  expect(kept.incidentId).not.toBe(cancelled.incidentId);
});

it('takes the reports that joined a run whose own report is none', async () => {
  const report = { ...noName('misled-db', 'app-joined'), reportId: 'joined in good faith' };
  const { client, taskQueue } = world;
  const workflowId = incidentOf(report);
  const handle = await client.workflow.signalWithStart('HealWorkflow', {
    ...{ workflowId, taskQueue, args: [{ source: 'task', error: { message: '' } }] },
    ...{ signal: reportSignal, signalArgs: [report] },
  });
  const joined = await until(async () => {
    const seen = await client.workflow
      .getHandle(workflowId)
      .query<HealStatus>('status')
      .catch(() => null);
    return seen?.status === 'waiting' ? seen : null;
  });
  expect(joined).toMatchObject({ errorType: 'DNS_FAIL', occurrences: 1 });
  world.lab.names.set('misled-db', '10.0.0.78');
  expect(await world.resultOf(handle)).toMatchObject({ incidentId: joined.incidentId, status: 'resolved' });
});

it('refuses what is no report, and names the field', async () => {
  const handle = await world.startForeign({ source: 'task', error: { message: '' } });
  const failure = await handle.result().then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(WorkflowFailedError);
  const { cause } = failure as WorkflowFailedError;
  expect(cause).toMatchObject({
    type: 'InvalidReport',
    message: expect.stringContaining('error.message') as string,
  });
});
