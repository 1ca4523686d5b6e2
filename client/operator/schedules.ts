import { ScheduleNotFoundError, type Client, type ScheduleHandle } from '@temporalio/client';
import type { Estate } from '../../domain/estate.ts';
import {
  planScheduleChanges,
  scheduleOwnerMark,
  scheduleSettings,
  type ScheduleChange,
  type ScheduleSettings,
  type ScheduleThere,
} from '../../domain/task/schedule.ts';
import { scheduleOptions, scheduleThere } from './schedule-spec.ts';
import { scheduleIdOf, taskOfScheduleId } from '../../domain/workflow-ids.ts';

/** What the commands on schedules need. */
export interface ScheduleContext {
  client: Client;
  taskQueue: string;
  estate: Estate;
}

/** A change that was made, or why it could not be. */
export interface AppliedChange {
  change: ScheduleChange;
  problem: string | null;
}

/** A schedule for people and for `schedules list --json`. Times are ISO. */
export interface ScheduleRow {
  task: string;
  cron: string | null;
  timezone: string;
  paused: boolean;
  note: string;
  nextRunAt: string | null;
  lastRunAt: string | null;
  /** Workflow ids of runs that go on now. */
  running: string[];
  skippedForOverlap: number;
  missedCatchupWindow: number;
}

/** What `applySchedules` would do. */
export async function planSchedules({
  client,
  taskQueue,
  estate,
}: ScheduleContext): Promise<ScheduleChange[]> {
  const wanted = Object.fromEntries(
    Object.entries(estate.tasks).map(([name, task]) => [name, scheduleSettings(task, taskQueue)]),
  );
  const there = await Promise.all(
    [...new Set([...Object.keys(wanted), ...(await ownTasks(client))])].map((task) =>
      readThere(client, task, taskQueue),
    ),
  );
  return planScheduleChanges(
    wanted,
    there.filter((schedule) => schedule !== null),
  );
}

/** Makes the server's schedules those of the estate file; the second time in a row changes nothing. */
export async function applySchedules(context: ScheduleContext): Promise<AppliedChange[]> {
  const changes = await planSchedules(context);
  return Promise.all(
    changes.map(async (change) => {
      try {
        await makeChange(context.client, change);
        return { change, problem: change.kind === 'foreign' ? 'left alone' : null };
      } catch (error) {
        return { change, problem: explainRefusal(change, error) };
      }
    }),
  );
}

/** AutoHeal's own schedules for this task queue, by name. */
export async function listSchedules({
  client,
  taskQueue,
}: Omit<ScheduleContext, 'estate'>): Promise<ScheduleRow[]> {
  const rows = await Promise.all(
    (await ownTasks(client)).map(async (task): Promise<ScheduleRow | null> => {
      const description = await describeOrNull(client, task);
      if (description === null) return null;
      const there = scheduleThere(description, taskQueue);
      if (!there.own) return null;
      const { info } = description;
      return {
        task,
        cron: there.actual.cron ?? there.applied?.cron ?? null,
        timezone: there.actual.timezone,
        paused: there.actual.paused,
        note: there.actual.note,
        nextRunAt: there.actual.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null),
        lastRunAt: info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
        running: info.runningActions.map(({ workflow }) => workflow.workflowId),
        skippedForOverlap: info.numActionsSkippedOverlap,
        missedCatchupWindow: info.numActionsMissedCatchupWindow,
      };
    }),
  );
  return rows.filter((row) => row !== null).sort((a, b) => a.task.localeCompare(b.task));
}

/**
 * Runs a task now, unless it is running already.
 * @throws Error for people when there is no such schedule
 */
export const triggerSchedule = ({ client }: { client: Client }, task: string): Promise<void> =>
  onSchedule(client, task, (handle) => handle.trigger());

/** @param note who pauses it and why; shown wherever the schedule is */
export const pauseSchedule = ({ client }: { client: Client }, task: string, note: string): Promise<void> =>
  onSchedule(client, task, (handle) => handle.pause(note));

export const resumeSchedule = ({ client }: { client: Client }, task: string, note: string): Promise<void> =>
  onSchedule(client, task, (handle) => handle.unpause(note));

async function onSchedule(
  client: Client,
  task: string,
  act: (handle: ScheduleHandle) => Promise<void>,
): Promise<void> {
  try {
    await act(client.schedule.getHandle(scheduleIdOf(task)));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new Error(
      `There is no schedule for "${task}". \`autoheal schedules apply\` makes those of the estate file.`,
      { cause: error },
    );
  }
}

async function makeChange(client: Client, change: ScheduleChange): Promise<void> {
  switch (change.kind) {
    case 'create':
      await client.schedule.create(scheduleOptions(change.task, change.settings));
      return;
    case 'update': {
      const { task, settings, differences } = change;
      const changed = (field: keyof ScheduleSettings) =>
        differences.some((difference) => difference.field === field);
      await client.schedule.getHandle(scheduleIdOf(task)).update(({ state }) => {
        const { spec, action, policies } = scheduleOptions(task, settings);
        const paused = changed('paused') ? settings.paused : state.paused;
        const note = changed('paused') || changed('note') ? settings.note : (state.note ?? '');
        return { spec, action, ...(policies !== undefined && { policies }), state: { paused, note } };
      });
      return;
    }
    case 'delete':
      await client.schedule.getHandle(scheduleIdOf(change.task)).delete();
      return;
    case 'keep':
    case 'foreign':
      return;
  }
}

/** The SDK throws what the server says about a bad expression or time zone as a TypeError. */
function explainRefusal(change: ScheduleChange, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  if (!(error instanceof TypeError)) return why;
  return `tasks.${change.task}: Temporal does not accept its cron or timezone: ${why}. Correct it in the estate file.`;
}

async function ownTasks(client: Client): Promise<string[]> {
  const tasks: string[] = [];
  for await (const { scheduleId, memo } of client.schedule.list()) {
    if (memo?.['owner'] === scheduleOwnerMark) tasks.push(taskOfScheduleId(scheduleId));
  }
  return tasks;
}

async function readThere(client: Client, task: string, taskQueue: string): Promise<ScheduleThere | null> {
  const description = await describeOrNull(client, task);
  return description === null ? null : scheduleThere(description, taskQueue);
}

async function describeOrNull(client: Client, task: string) {
  try {
    return await client.schedule.getHandle(scheduleIdOf(task)).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}
