import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  applySchedules,
  listSchedules,
  pauseSchedule,
  triggerSchedule,
  type ScheduleContext,
} from '../../client/operator/schedules.ts';
import type { TaskResult } from '../../domain/task/run.ts';
import type { World } from '../support/world.ts';
import { openTaskWorld, until } from './task-world.ts';

let world: World & { folder: string };
let context: ScheduleContext;
beforeAll(async () => {
  world = await openTaskWorld((program) => ({
    every_second: {
      cron: '@every 1s',
      command: program('works.js'),
      timeoutSec: 30,
    },
    by_hand: { command: program('flaky.js', '1'), target: 'momo-scheduler' },
  }));
  context = { client: world.client, taskQueue: world.taskQueue, estate: world.lab.estate };
  const applied = await applySchedules(context);
  expect(applied.map(({ problem }) => problem)).toEqual([null, null]);
});
afterAll(() => world.close());

/** Ended runs of a task that its schedule has started. */
async function endedRuns(task: string): Promise<string[]> {
  const ended: string[] = [];
  const query = `WorkflowType = 'ScheduledTaskWorkflow' AND AutoHealTask = '${task}' AND ExecutionStatus = 'Completed'`;
  for await (const { workflowId } of world.client.workflow.list({ query })) ended.push(workflowId);
  return ended;
}

it('fires by its schedule, one run at a time', async () => {
  const runs = await until(async () => {
    const ended = await endedRuns('every_second');
    return ended.length >= 3 ? ended : null;
  });
  await pauseSchedule(context, 'every_second', 'seen enough');
  expect(runs.every((workflowId) => workflowId.startsWith('task/every_second-'))).toBe(true);
  const [row] = (await listSchedules(context)).filter(({ task }) => task === 'every_second');
  expect(row).toMatchObject({ paused: true, note: 'seen enough' });
});

it('runs when triggered, heals what fails, and shows it in the search attributes', async () => {
  await triggerSchedule(context, 'by_hand');
  const [workflowId] = await until(async () => {
    const ended = await endedRuns('by_hand');
    return ended.length > 0 ? ended : null;
  });
  const handle = world.client.workflow.getHandle(workflowId ?? '');
  const result = (await handle.result()) as TaskResult;
  expect(result).toMatchObject({ task: 'by_hand', runs: 2 });
  expect(result.incidents).toHaveLength(1);
  const { searchAttributes } = await handle.describe();
  expect(searchAttributes).toMatchObject({ AutoHealTask: ['by_hand'], AutoHealStatus: ['done'] });
});
