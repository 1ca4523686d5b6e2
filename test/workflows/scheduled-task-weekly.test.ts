import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import Long from 'long';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { applySchedules } from '../../client/operator/schedules.ts';
import { estateSchema } from '../../domain/estate.ts';
import type { TaskResult } from '../../domain/task/run.ts';
import { connectTo, makeNamespace } from '../support/temporal.ts';
import { openTimeSkippingWorld, type TimeSkippingWorld } from './time-skipping-world.ts';

const task = 'run_weekly_strategy_task';
const program = join(import.meta.dirname, '..', 'fixtures', 'tasks', 'weekly.js');
const weekly = (folder: string) => ({
  cron: '0 8 * * 1',
  timezone: 'America/New_York',
  // The last week fails: after a wait the server's clock doesn't always skip any more.
  command: [process.execPath, program, folder, '13'],
  maxRuns: 2,
});

let world: TimeSkippingWorld;
beforeAll(async () => {
  world = await openTimeSkippingWorld((folder) => ({ [task]: weekly(folder) }));
});
afterAll(() => world.close());

it('runs a weekly task for three months over a daylight saving change, and waits out the week that fails', async () => {
  const { environment, taskQueue, folder } = world;
  // Awaiting a result through the environment's own client would let its clock run free.
  const client = new Client({ connection: environment.connection });
  const now = await environment.currentTimeMs();
  const spring = nextMarch(now);
  const times = await timesBetween(folder, spring - 35 * 86_400_000, spring + 56 * 86_400_000);
  expect(times).toHaveLength(13);
  const hours = times.map((time) => new Date(time).getUTCHours());
  expect(new Set(hours)).toEqual(new Set([13, 12]));

  const results: TaskResult[] = [];
  for (const time of times) {
    await environment.sleep(time - (await environment.currentTimeMs()));
    const handle = await client.workflow.start('ScheduledTaskWorkflow', {
      workflowId: `task/${task}-${new Date(time).toISOString()}`,
      taskQueue,
      args: [{ task }],
    });
    await letItEnd(client, handle.workflowId);
    results.push((await handle.result()) as TaskResult);
  }
  expect(results.map(({ runs }) => runs)).toEqual(times.map((_, at) => (at === 12 ? 2 : 1)));
  // The wait was in the run's own time: a minute that the server's clock went over in seconds.
  expect(results[12]?.durationMs).toBeGreaterThan(45_000);
  expect(results[12]?.incidents).toHaveLength(1);
  const lastMs = times.at(-1) ?? 0;
  const endMs = await environment.currentTimeMs();
  expect(endMs).toBeGreaterThanOrEqual(lastMs);
  expect(endMs).toBeLessThan(lastMs + 3_600_000);
});

/**
 * Moves the clock on while nothing runs, in steps: a server left to skip by itself jumps years ahead as soon as a
 * run has ended. The incident of the run ends with it.
 */
async function letItEnd(client: Client, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const children = new Set<string>();
  for (;;) {
    const { status, raw } = await handle.describe();
    raw.pendingChildren?.forEach((child) => children.add(child.workflowId ?? ''));
    if (status.name !== 'RUNNING') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
    if ((raw.pendingActivities ?? []).length === 0) await world.environment.sleep(1000);
  }
  for (const child of children) await letItEnd(client, child);
}

/** The second Sunday of the next March at noon UTC: New York's clocks have gone forward. */
function nextMarch(nowMs: number): number {
  const year = new Date(nowMs + 40 * 86_400_000).getUTCFullYear();
  const first = (at: number) => Date.UTC(at, 2, 1, 12);
  const inYear = first(year) > nowMs + 40 * 86_400_000 ? year : year + 1;
  const weekday = new Date(first(inYear)).getUTCDay();
  return first(inYear) + (((7 - weekday) % 7) + 7) * 86_400_000;
}

/** When the schedule is due, by a real server's reckoning: the time-skipping one has no schedules. In ms. */
async function timesBetween(folder: string, fromMs: number, toMs: number): Promise<number[]> {
  const namespace = `weekly-${randomUUID().slice(0, 8)}`;
  await makeNamespace(inject('temporalAddress'), namespace);
  const connected = await connectTo(inject('temporalAddress'), namespace);
  const { client } = connected;
  const estate = estateSchema.parse({ tasks: { [task]: weekly(folder) } });
  await applySchedules({ client, taskQueue: 'autoheal', estate });
  const at = (ms: number) => ({ seconds: Long.fromNumber(Math.floor(ms / 1000)) });
  const { startTime } = await client.workflowService.listScheduleMatchingTimes({
    namespace,
    scheduleId: `task/${task}`,
    startTime: at(fromMs),
    endTime: at(toMs),
  });
  await connected.close();
  return startTime.map(({ seconds }) => Number(seconds) * 1000);
}
