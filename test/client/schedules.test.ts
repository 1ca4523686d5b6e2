import { randomUUID } from 'node:crypto';
import Long from 'long';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { schedulesCommand } from '../../client/cli/schedules.ts';
import {
  applySchedules,
  listSchedules,
  pauseSchedule,
  planSchedules,
  resumeSchedule,
  triggerSchedule,
  type ScheduleContext,
} from '../../client/operator/schedules.ts';
import { estateSchema, type Estate } from '../../domain/estate.ts';
import { connectTo, makeNamespace, type TestClient } from '../support/temporal.ts';

let connected: TestClient;
let context: ScheduleContext;

const estateWith = (tasks: Record<string, object>): Estate => estateSchema.parse({ tasks });
const command = ['true'];
const daily = { cron: '0 6 * * *', timezone: 'Asia/Taipei', command };

beforeAll(async () => {
  const namespace = `schedules-${randomUUID().slice(0, 8)}`;
  await makeNamespace(inject('temporalAddress'), namespace);
  connected = await connectTo(inject('temporalAddress'), namespace);
});
afterAll(() => connected.close());

/** Each test has a task queue of its own, so that what another one made is a stranger's. */
beforeEach(() => {
  context = {
    client: connected.client,
    taskQueue: `queue-${randomUUID().slice(0, 8)}`,
    estate: estateWith({}),
  };
});

const use = (tasks: Record<string, object>): void => {
  context = { ...context, estate: estateWith(tasks) };
};
const kinds = async (): Promise<string[]> => (await planSchedules(context)).map(({ kind }) => kind);
/** Listing is eventually consistent. */
async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 100));
}

it('applies the estate file once, and then has nothing to do', async () => {
  const every = `every-${randomUUID().slice(0, 6)}`;
  const morning = `morning-${randomUUID().slice(0, 6)}`;
  use({
    [morning]: { ...daily, jitterSec: 30, note: 'before the shop opens' },
    [every]: { cron: '@every 10m', command },
  });
  expect(await kinds()).toEqual(['create', 'create']);
  const applied = await applySchedules(context);
  expect(applied.map(({ problem }) => problem)).toEqual([null, null]);
  await until(async () => (await listSchedules(context)).length === 2);
  expect(await kinds()).toEqual(['keep', 'keep']);

  const [first, second] = await listSchedules(context);
  expect(first).toMatchObject({ task: every, cron: '@every 10m', timezone: 'UTC', paused: false });
  expect(second).toMatchObject({
    task: morning,
    cron: '0 6 * * *',
    timezone: 'Asia/Taipei',
    note: 'before the shop opens',
  });
  expect(second?.nextRunAt).toMatch(/T22:00:/);
});

it('updates what differs, deletes what is gone, and leaves strangers alone', async () => {
  const [one, two, three] = ['one', 'two', 'three'].map((name) => `${name}-${randomUUID().slice(0, 6)}`) as [
    string,
    string,
    string,
  ];
  use({ [one]: daily, [two]: daily });
  await applySchedules(context);
  await until(async () => (await listSchedules(context)).length === 2);
  await connected.client.schedule.create({
    scheduleId: `task/${three}`,
    spec: { cronExpressions: ['0 1 * * *'] },
    action: { type: 'startWorkflow', workflowType: 'Other', taskQueue: context.taskQueue },
  });

  use({ [one]: { ...daily, cron: '30 7 * * 1-5' }, [three]: daily });
  const applied = await applySchedules(context);
  expect(applied.map(({ change, problem }) => [change.task, change.kind, problem])).toEqual([
    [one, 'update', null],
    [three, 'foreign', 'left alone'],
    [two, 'delete', null],
  ]);
  await until(async () => (await listSchedules(context)).length === 1);
  expect(await listSchedules(context)).toMatchObject([{ task: one, cron: '30 7 * * 1-5' }]);
  const stranger = await connected.client.schedule.getHandle(`task/${three}`).describe();
  expect(stranger.action.workflowType).toBe('Other');
});

it('notices a time that somebody changed on the server', async () => {
  const task = `drift-${randomUUID().slice(0, 6)}`;
  use({ [task]: daily });
  await applySchedules(context);
  await connected.client.schedule.getHandle(`task/${task}`).update((previous) => ({
    ...previous,
    spec: { calendars: [{ hour: 3, minute: 15 }], timezone: 'Asia/Taipei' },
  }));
  expect(await planSchedules(context)).toMatchObject([
    { kind: 'update', differences: [{ field: 'cron', from: 'changed by hand', to: '0 6 * * *' }] },
  ]);
  await applySchedules(context);
  expect(await kinds()).toEqual(['keep']);
});

it('keeps a pause by hand over an apply, and lifts it when asked to', async () => {
  const task = `paused-${randomUUID().slice(0, 6)}`;
  use({ [task]: daily });
  await applySchedules(context);
  await pauseSchedule(context, task, 'audit week');
  expect(await planSchedules(context)).toEqual([{ kind: 'keep', task, pausedByHand: 'audit week' }]);
  use({ [task]: { ...daily, cron: '15 6 * * *' } });
  await applySchedules(context);
  const handle = connected.client.schedule.getHandle(`task/${task}`);
  expect((await handle.describe()).state).toMatchObject({ paused: true, note: 'audit week' });
  await resumeSchedule(context, task, 'audit is over');
  expect((await handle.describe()).state.paused).toBe(false);
  use({ [task]: { ...daily, cron: '15 6 * * *', paused: true, note: 'retired' } });
  await applySchedules(context);
  expect((await handle.describe()).state).toMatchObject({ paused: true, note: 'retired' });
});

it('names the task whose time Temporal does not accept, and applies the others', async () => {
  const [bad, mars, good] = ['bad', 'mars', 'good'].map((name) => `${name}-${randomUUID().slice(0, 6)}`) as [
    string,
    string,
    string,
  ];
  use({
    [bad]: { ...daily, cron: '0 99 * * *' },
    [mars]: { ...daily, timezone: 'Mars/Olympus' },
    [good]: daily,
  });
  const applied = await applySchedules(context);
  expect(applied[0]?.problem).toContain(`tasks.${bad}`);
  expect(applied[1]?.problem).toContain('unknown time zone Mars/Olympus');
  expect(applied[2]?.problem).toBeNull();
});

it('says what to do where there is no such schedule', async () => {
  await expect(triggerSchedule(context, 'nothing')).rejects.toThrow('There is no schedule for "nothing"');
});

it('keeps local time over daylight saving changes, and Taipei has none', async () => {
  const [newYork, taipei] = ['ny', 'tp'].map((name) => `${name}-${randomUUID().slice(0, 6)}`) as [
    string,
    string,
  ];
  const weekly = { cron: '0 8 * * 1', command };
  use({
    [newYork]: { ...weekly, timezone: 'America/New_York' },
    [taipei]: { ...weekly, timezone: 'Asia/Taipei' },
  });
  await applySchedules(context);
  const inNewYork = await timesOf(newYork, '2027-02-07T00:00:00Z', '2027-05-08T00:00:00Z');
  expect(inNewYork).toHaveLength(13);
  expect(inNewYork.slice(0, 5).every((time) => time.endsWith('T13:00:00.000Z'))).toBe(true);
  expect(inNewYork.slice(5).every((time) => time.endsWith('T12:00:00.000Z'))).toBe(true);
  expect(inNewYork[5]).toBe('2027-03-15T12:00:00.000Z');
  const inTaipei = await timesOf(taipei, '2027-02-07T00:00:00Z', '2027-05-08T00:00:00Z');
  expect(inTaipei).toHaveLength(13);
  expect(new Set(inTaipei.map((time) => time.slice(10)))).toEqual(new Set(['T00:00:00.000Z']));
});

it('shows the difference on the command line, and changes nothing with --dry-run', async () => {
  const task = `cli-${randomUUID().slice(0, 6)}`;
  use({ [task]: daily });
  const dry = await runCommand('apply', '--dry-run', '--json');
  expect(dry).toMatchObject({ applied: false, changes: [{ kind: 'create', task }] });
  expect(await kinds()).toEqual(['create']);
  expect(await runCommand('apply', '--json')).toMatchObject({
    applied: true,
    changes: [{ kind: 'create', problem: null }],
  });
  expect(await runCommand('pause', task, '--note', 'by the test', '--json')).toEqual({ task, done: 'pause' });
  await until(async () => (await listSchedules(context)).length === 1);
  expect(await runCommand('list', '--json')).toMatchObject([
    { task, paused: true, note: 'by the test', nextRunAt: null },
  ]);
});

/** When a schedule is due between two times, by the server's own reckoning. */
async function timesOf(task: string, from: string, to: string): Promise<string[]> {
  const timestamp = (iso: string) => ({ seconds: Long.fromNumber(Date.parse(iso) / 1000) });
  const { startTime } = await connected.client.workflowService.listScheduleMatchingTimes({
    namespace: connected.client.options.namespace,
    scheduleId: `task/${task}`,
    startTime: timestamp(from),
    endTime: timestamp(to),
  });
  return (startTime ?? []).map(({ seconds }) => new Date(Number(seconds) * 1000).toISOString());
}

/** Runs `autoheal schedules …` in this process. @returns the JSON of its last line on stdout */
async function runCommand(...args: string[]): Promise<unknown> {
  const lines: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: string) => lines.push(chunk) > 0;
  try {
    await schedulesCommand(async () => ({ ...context, close: async () => undefined })).parseAsync(args, {
      from: 'user',
    });
  } finally {
    process.stdout.write = write;
  }
  return JSON.parse(lines.join('').trim().split('\n').at(-1) ?? '');
}
