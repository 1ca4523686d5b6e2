import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incidentWorkflowId } from '../../client/delivery/deliver-report.ts';
import type { Report } from '../../domain/report/report.ts';
import { reportSignal, type HealStatus } from '../../workflows/messages.ts';
import { messagesOf, openHealWorld, unhealthy, until, type HealWorld } from './heal-world.ts';

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(['app-joined', 'app-left']);
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
