import { z } from 'zod';
import type { Task } from '../estate.ts';
import { scheduleIdOf } from '../workflow-ids.ts';

/** What the estate file says about when a task runs. */
export const scheduleSettingsSchema = z.object({
  cron: z.string(),
  timezone: z.string(),
  jitterSec: z.number(),
  catchupWindowSec: z.number(),
  paused: z.boolean(),
  note: z.string(),
  taskQueue: z.string(),
});
export type ScheduleSettings = z.infer<typeof scheduleSettingsSchema>;

/** Marks a schedule as AutoHeal's own; others are left alone. */
export const scheduleOwnerMark = 'autoheal-estate-file';

export function scheduleSettings(task: Task, taskQueue: string): ScheduleSettings {
  const { cron, timezone, jitterSec, catchupWindowSec, paused, note } = task;
  return { cron: cron.trim(), timezone, jitterSec, catchupWindowSec, paused, note: note ?? '', taskQueue };
}

/** A schedule as it is on the server. */
export interface ScheduleThere {
  task: string;
  own: boolean;
  /** The estate file's settings when they were last applied; null where nobody knows. */
  applied: ScheduleSettings | null;
  /** What the server says, where it can be compared. `cron` is null where it isn't told. */
  actual: {
    cron: string | null;
    timezone: string;
    jitterSec: number;
    catchupWindowSec: number;
    paused: boolean;
    note: string;
  };
}

export interface Difference {
  field: keyof ScheduleSettings;
  from: string | number | boolean;
  to: string | number | boolean;
}

export type ScheduleChange =
  | { kind: 'create'; task: string; settings: ScheduleSettings }
  | { kind: 'update'; task: string; settings: ScheduleSettings; differences: Difference[] }
  | { kind: 'keep'; task: string; pausedByHand: string | null }
  | { kind: 'delete'; task: string }
  /** Somebody else's schedule has this task's id. */
  | { kind: 'foreign'; task: string };

/**
 * What is to be done so that the server has the estate file's schedules. A pause that a person has set, or lifted,
 * stays until the estate file says something new about it.
 */
export function planScheduleChanges(
  wanted: Readonly<Record<string, ScheduleSettings>>,
  there: readonly ScheduleThere[],
): ScheduleChange[] {
  const changes = Object.entries(wanted).map(([task, settings]): ScheduleChange => {
    const found = there.find((schedule) => schedule.task === task);
    if (found === undefined) return { kind: 'create', task, settings };
    if (!found.own) return { kind: 'foreign', task };
    const differences = differencesOf(settings, found);
    if (differences.length > 0) return { kind: 'update', task, settings, differences };
    const pausedByHand = found.actual.paused && !settings.paused ? found.actual.note : null;
    return { kind: 'keep', task, pausedByHand };
  });
  const gone = there.filter(({ task, own }) => own && !Object.hasOwn(wanted, task));
  return [...changes, ...gone.map(({ task }): ScheduleChange => ({ kind: 'delete', task }))];
}

function differencesOf(wanted: ScheduleSettings, { applied, actual }: ScheduleThere): Difference[] {
  const before: ScheduleSettings = {
    cron: actual.cron ?? applied?.cron ?? '',
    timezone: actual.timezone,
    jitterSec: actual.jitterSec,
    catchupWindowSec: actual.catchupWindowSec,
    // The person's word counts until the file's changes.
    paused: applied === null || applied.paused === wanted.paused ? wanted.paused : actual.paused,
    note: applied === null || applied.note === wanted.note ? wanted.note : applied.note,
    taskQueue: wanted.taskQueue,
  };
  const fields = Object.keys(before) as (keyof ScheduleSettings)[];
  return fields
    .filter((field) => before[field] !== wanted[field])
    .map((field) => ({ field, from: before[field], to: wanted[field] }));
}

/** One change in a line for people. */
export function describeScheduleChange(change: ScheduleChange): string {
  switch (change.kind) {
    case 'create': {
      const { cron, timezone, paused } = change.settings;
      return `+ ${change.task}: ${cron} (${timezone})${paused ? ', paused' : ''}`;
    }
    case 'update': {
      const list = change.differences.map(({ field, from, to }) => `${field}: ${from} → ${to}`);
      return `~ ${change.task}: ${list.join(', ')}`;
    }
    case 'keep':
      return `= ${change.task}${change.pausedByHand === null ? '' : ` (paused by hand: ${change.pausedByHand || 'no note'})`}`;
    case 'delete':
      return `- ${change.task}: no longer in the estate file`;
    case 'foreign':
      return `! ${change.task}: a schedule "${scheduleIdOf(change.task)}" is there that was made by somebody else, or for another task queue; it is left alone. Delete it, or rename the task.`;
  }
}
