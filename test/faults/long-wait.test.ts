import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../domain/report.ts';
import { statusQuery } from '../../workflows/messages.ts';
import { openWorld, type World } from '../support/world.ts';
import { resultOf, send, until } from './reports.ts';

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
  const report: Report = {
    source: 'task',
    target: 'momo-scheduler',
    error: { message: `could not translate host name "${name}" to address` },
  };
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

it('asks a person once, and takes the answer, when more reports come meanwhile than a run may hold', async () => {
  const container = 'momo-scheduler';
  await world.rows(`INSERT INTO telegram_users (telegram_id, name, is_admin) VALUES (1001, 'alice', true)`);
  await world.rows(`UPDATE playbooks SET requires_approval = true, action_params = action_params ||
    '{"stableForSec": 0.5, "approvalDeadlineMin": 60}' WHERE name = 'container-exited'`);
  world.lab.container(container).kill();
  const error = { message: `container ${container} exited` };
  const { handle, runId } = await pour({ source: 'alertmanager', target: container, error });
  expect(await handle.query(statusQuery)).toMatchObject({ incidentId: runId, status: 'awaiting_approval' });
  const asked = () => world.botApi.messages().filter(({ text }) => text.includes('Approval needed'));
  const nonces = new Set(asked().map(({ text }) => /--nonce (\S+)/.exec(text)?.[1]));
  expect(nonces.size).toBe(1);
  const [nonce] = nonces;
  const decision = { approve: true, by: 'alice', nonce };
  expect(await handle.executeUpdate('decide', { args: [decision] })).toMatchObject({ accepted: true });
  expect(await handle.result()).toMatchObject({ incidentId: runId, status: 'resolved', occurrences: many });
  expect(world.lab.runs.effects({ container, effect: 'restart' })).toHaveLength(1);
  expect(new Set(asked().map(({ chatId }) => chatId)).size).toBe(asked().length);
}, 180_000);
