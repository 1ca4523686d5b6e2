import type { Report } from './report.ts';
import { sources } from './vocabulary.ts';

/** Stands for what came in place of a report: it is counted all the same. */
export const unreadable: Report = { source: 'api', error: { message: 'an unreadable report' } };

/**
 * What arrived as a report, as far as counting needs to read it. Whether the rest is right is said when it is
 * classified: a workflow carries no schemas, which cost each run a megabyte and some milliseconds.
 */
export function asReport(input: unknown): Report {
  if (!isObject(input) || !isObject(input['error'])) return unreadable;
  const { source, reportId, occurredAt, error } = input;
  const isRead =
    sources.some((known) => known === source) &&
    typeof error['message'] === 'string' &&
    (reportId === undefined || isText(reportId, /^[^]{1,100}$/)) &&
    (occurredAt === undefined || isText(occurredAt, instant));
  return isRead ? (input as unknown as Report) : unreadable;
}

/** With its offset: without one it would mean another time on another worker. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

const isText = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
