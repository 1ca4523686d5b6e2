import type { Report } from '../report/report.ts';

/** How many ids of counted reports an incident remembers, so that one sent twice is counted once. */
const rememberedIds = 5000;
/** A report that arrives this long after an incident was settled is a new failure. */
const sameFailureMs = 2000;

/** Reports of one failure, counted exactly: one with a `reportId` counts once however often it arrives. */
export interface Counted {
  readonly count: number;
  /** The count that the incident's row has, or is owed. */
  readonly written: number;
  readonly ids: readonly string[];
  /** Alerts that were reported and are not resolved yet, by their sender's fingerprints. */
  readonly alerts: readonly string[];
}

/** A workflow that wants the verdict as soon as it is known, which is before the records are written. */
export interface Listener {
  workflowId: string;
  /** It will run the failed task again and tell how that went: `taskOutcome`. */
  tellsOutcome: boolean;
  /** How long its next run may take, in seconds. */
  outcomeTimeoutSec?: number;
}

/** A report that came by signal. */
export interface Arrival {
  report: Report;
  listener?: Listener;
  /** Set where the run was started with this very report: it is counted already. */
  isStart?: boolean;
}

export const firstCount = ({ reportId, alert }: Report): Counted => ({
  count: 1,
  written: 1,
  ids: reportId === undefined ? [] : [reportId],
  alerts: alert === undefined ? [] : [alert.fingerprint],
});

/** Whether this very report is counted already: it was sent again. */
export const isCounted = ({ ids }: Counted, { reportId }: Report): boolean =>
  reportId !== undefined && ids.includes(reportId);

/** @returns the very same where this report was counted before */
export function counted(before: Counted, report: Report): Counted {
  if (isCounted(before, report)) return before;
  return {
    ...before,
    count: before.count + 1,
    ids: remembered(before.ids, report.reportId),
    alerts: remembered(before.alerts, report.alert?.fingerprint),
  };
}

/** @param alert the one that is resolved; undefined: all of them, as far as their sender says */
export const resolvedAlert = (before: Counted, alert: string | undefined): Counted => ({
  ...before,
  alerts: alert === undefined ? [] : before.alerts.filter((firing) => firing !== alert),
});

const remembered = (before: readonly string[], one: string | undefined): readonly string[] =>
  one === undefined || before.includes(one) ? before : [...before, one].slice(-rememberedIds);

export const hasUnwrittenCount = ({ counted: { count, written } }: { counted: Counted }): boolean =>
  count !== written;

/** Whether a report is of a failure that began after this incident was settled. It opens the next one. */
export function isLater(
  state: { settledAtMs: number | null; lingers: boolean; counted: Counted },
  report: Report,
  nowMs: number,
): boolean {
  // One that is counted and was sent again is no new failure, however late it comes.
  if (state.settledAtMs === null || isCounted(state.counted, report)) return false;
  // One of a storm that still comes in, and doesn't say since when: the failure that it tells of is this one.
  if (state.lingers && report.occurredAt === undefined) return false;
  const failedAtMs = report.occurredAt === undefined ? nowMs : Math.min(nowMs, Date.parse(report.occurredAt));
  return failedAtMs > state.settledAtMs + sameFailureMs;
}

/** Of a report that will be counted, only what counting needs: a storm of whole ones would not fit into an input. */
export function shortened({ report, listener }: Arrival): Arrival {
  const { source, reportId, occurredAt, alert } = report;
  const short: Report = {
    source,
    error: { message: report.error.message.slice(0, 20) },
    ...(reportId === undefined ? {} : { reportId }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(alert === undefined ? {} : { alert }),
  };
  return listener === undefined ? { report: short } : { report: short, listener };
}
