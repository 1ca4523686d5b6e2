import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideIncident, listOpenIncidents } from '../../client/operator/incidents.ts';
import type { Report } from '../../domain/report/report.ts';
import { statusQuery } from '../../workflows/messages.ts';
import { openWorld, type World } from '../support/world.ts';
import { incidentOf, resultOf, send, until, unresolved } from './reports.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

/** More reports than a run may hold: it goes on as another. */
const many = 4600;

async function pour(report: Report) {
  const { workflowId, runId } = await send(world, { ...report, reportId: 'the first' });
  for (let sent = 1; sent < many; sent += 250) {
    const batch = Math.min(250, many - sent);
    await Promise.all(
      Array.from({ length: batch }, (_, at) => send(world, { ...report, reportId: `report ${sent + at}` })),
    );
  }
  // Sent again, after the run has changed: counted before.
  await send(world, { ...report, reportId: `report ${many - 1}` });
  const handle = world.client.workflow.getHandle(workflowId);
  await until('all are counted', async () => (await handle.query(statusQuery)).occurrences === many);
  expect((await handle.describe()).runId).not.toBe(runId);
  return { handle, workflowId, runId };
}

it('stays one incident over the end of its run, when more reports come than a run may hold, and counts them all', async () => {
  await world.rows(`UPDATE playbooks SET max_retries = 2, action_params = action_params || '{"backoffSec": 600, "maxBackoffSec": 600}'
    WHERE name = 'dns-fail'`);
  const name = 'svc-of-the-long-wait';
  const report = unresolved(name);
  const { handle, workflowId, runId } = await pour(report);
  expect(await handle.query(statusQuery)).toMatchObject({
    incidentId: runId,
    status: 'waiting',
    attempts: 1,
  });

  world.lab.names.set(name, '10.0.0.8');
  await handle.signal('causeGone', { by: 'the test', detail: 'the name is back' });
  const result = await resultOf(world, { workflowId, runId });
  expect(result).toMatchObject({ incidentId: runId, status: 'resolved', attempts: 1, occurrences: many });
  expect(await world.rows('SELECT id, status, occurrences, attempts FROM incidents')).toEqual([
    { id: runId, status: 'resolved', occurrences: many, attempts: 1 },
  ]);
  expect(await world.rows('SELECT attempt, result FROM heal_logs')).toEqual([
    { attempt: 1, result: 'success' },
  ]);
  const told = world.botApi.messages().map(({ text }) => text.split('\n')[0] ?? '');
  expect(told.filter((line) => line.includes('Waiting'))).toHaveLength(1);
  expect(told.filter((line) => line.includes('Resolved'))).toHaveLength(1);
}, 180_000);

describe('a person is asked, and more reports come meanwhile than a run may hold', () => {
  const container = 'momo-scheduler';
  const error = { message: `container ${container} exited` };
  const messages = () => world.botApi.messages().filter(({ text }) => text.includes('Approval needed'));
  const nonces = () => [...new Set(messages().map(({ text }) => /\/approve \S+ (\S+)/.exec(text)?.[1]))];
  const restarts = () => world.lab.runs.effects({ container, effect: 'restart' }).length;
  let carriedOver: unknown[];

  it('asks once, and takes the answer', async () => {
    await world.rows(`INSERT INTO telegram_users (telegram_id, name, is_admin) VALUES (1001, 'alice', true)`);
    await world.rows(`UPDATE playbooks SET requires_approval = true, cooldown_min = 0, action_params =
      action_params || '{"stableForSec": 0.5, "approvalDeadlineMin": 60}' WHERE name = 'container-exited'`);
    world.lab.container(container).kill();
    const { handle, runId } = await pour({ source: 'alertmanager', target: container, error });
    carriedOver = await inputOf(handle);
    expect(await handle.query(statusQuery)).toMatchObject({
      incidentId: runId,
      status: 'awaiting_approval',
    });
    const [nonce, ...others] = nonces();
    expect(others).toEqual([]);
    expect(new Set(messages().map(({ chatId }) => chatId)).size).toBe(messages().length);
    // Whoever answers knows the incident's id, which is that of its first run.
    await until('the list has it', async () => (await listOpenIncidents(world.client, 10))[0]?.id === runId);
    const decision = { id: runId, approve: true, by: 'alice', nonce: nonce ?? '' };
    expect(await decideIncident(world.client, decision)).toMatchObject({ accepted: true });
    expect(await handle.result()).toMatchObject({
      incidentId: runId,
      status: 'resolved',
      occurrences: many,
    });
    expect(restarts()).toBe(1);
  }, 180_000);

  it('takes what was approved for nothing else', async () => {
    world.lab.container(container).kill();
    const [report, carry] = carriedOver as [Report, { incident: { approval: object } }];
    const { approval } = carry.incident;
    const forAnother = { ...approval, asked: 'DOCKER_RESTART of another', decision: { approve: true } };
    const incident = { ...carry.incident, approval: forAnother };
    const handle = await world.client.workflow.start('HealWorkflow', {
      ...{ workflowId: incidentOf(world, report), taskQueue: world.taskQueue },
      args: [report, { ...carry, incident }],
    });
    await until('it is asked anew', () => Promise.resolve(nonces().length === 2));
    expect(await handle.query(statusQuery)).toMatchObject({ status: 'awaiting_approval' });
    expect(restarts()).toBe(1);
    await handle.terminate();
  });
});

async function inputOf(handle: WorkflowHandle): Promise<unknown[]> {
  const { events } = await handle.fetchHistory();
  const payloads = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return payloads.map(({ data }) => JSON.parse(Buffer.from(data ?? []).toString()) as unknown);
}
