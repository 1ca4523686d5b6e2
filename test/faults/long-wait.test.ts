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

it('stays one incident over the end of its run, when more reports come than a run may hold, and counts them all', async () => {
  await world.rows(`UPDATE playbooks SET max_retries = 2, action_params = action_params || '{"backoffSec": 600, "maxBackoffSec": 600}'
    WHERE name = 'dns-fail'`);
  const name = 'svc-of-the-long-wait';
  const report: Report = {
    source: 'task',
    target: 'momo-scheduler',
    error: { message: `could not translate host name "${name}" to address` },
  };
  const { workflowId, runId } = await send(world, { ...report, reportId: 'the first' });
  const many = 4600;
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
  const runs = (await handle.describe()).runId;
  expect(runs).not.toBe(runId);
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
