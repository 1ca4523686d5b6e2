import { ScheduleOverlapPolicy, type ScheduleDescription, type ScheduleOptions } from '@temporalio/client';
import {
  scheduleOwnerMark,
  scheduleSettingsSchema,
  type ScheduleSettings,
  type ScheduleThere,
} from '../../domain/task/schedule.ts';
import { scheduleIdOf, taskOfScheduleId, workflowTypes } from '../../domain/workflow-ids.ts';

/** A cron expression that the server keeps as it was written: it turns expressions into calendars, and keeps comments. */
const withComment = (cron: string): string =>
  cron.includes('#') || cron.startsWith('@every') ? cron : `${cron} # ${cron}`;

/**
 * A task's schedule as Temporal wants it. A run that is due while another is going on is skipped; one that was due
 * while the server was away is caught up with inside the window.
 */
export function scheduleOptions(task: string, settings: ScheduleSettings): ScheduleOptions {
  const { cron, timezone, jitterSec, catchupWindowSec, paused, note, taskQueue } = settings;
  const scheduleId = scheduleIdOf(task);
  return {
    scheduleId,
    memo: { owner: scheduleOwnerMark },
    spec: { cronExpressions: [withComment(cron)], timezone, jitter: jitterSec * 1000 },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: catchupWindowSec * 1000,
      pauseOnFailure: false,
    },
    state: { paused, note },
    action: {
      type: 'startWorkflow',
      workflowType: workflowTypes.scheduledTask,
      workflowId: scheduleId,
      taskQueue,
      args: [{ task }],
      // A schedule's own memo can't be changed later, its action's can.
      memo: { schedule: settings },
      staticSummary: task,
    },
  };
}

/** What a schedule on the server is, in the words of the estate file. */
export function scheduleThere(description: ScheduleDescription, taskQueue: string): ScheduleThere {
  const { scheduleId, spec, policies, state, memo, action } = description;
  const applied = scheduleSettingsSchema.safeParse(action.memo?.['schedule']);
  return {
    task: taskOfScheduleId(scheduleId),
    own: memo?.['owner'] === scheduleOwnerMark && action.taskQueue === taskQueue,
    applied: applied.success ? applied.data : null,
    actual: {
      cron: cronOf(spec, applied.data?.cron ?? ''),
      timezone: spec.timezone ?? 'UTC',
      jitterSec: Number(spec.jitter ?? 0) / 1000,
      catchupWindowSec: policies.catchupWindow / 1000,
      paused: state.paused,
      note: state.note ?? '',
    },
  };
}

/** The expression as it was written, or that it isn't that any more; null where the server can't tell. */
function cronOf(
  { calendars = [], intervals = [] }: ScheduleDescription['spec'],
  applied: string,
): string | null {
  const comment = calendars[0]?.comment ?? '';
  const own = applied.includes('#') || applied.startsWith('@every');
  if (calendars.length + intervals.length !== 1) return 'changed by hand';
  if (own) return null;
  return comment === '' ? 'changed by hand' : comment;
}
