import type { Report } from './report.ts';

/** Stands for what came in place of a report: it is counted all the same. */
export const unreadable: Report = { source: 'api', error: { message: 'an unreadable report' } };

/**
 * What arrived as a report, as far as counting needs to read it. Whether the rest is right is said when it is
 * classified: a workflow carries no schemas, which cost each run a megabyte and some milliseconds.
 */
export function asReport(input: unknown): Report {
  if (!isObject(input) || !isObject(input['error'])) return unreadable;
  const { reportId, occurredAt, error } = input;
  const isRead =
    typeof error['message'] === 'string' &&
    (reportId === undefined || (typeof reportId === 'string' && reportId.length <= 100)) &&
    (occurredAt === undefined || (typeof occurredAt === 'string' && !Number.isNaN(Date.parse(occurredAt))));
  return isRead ? (input as unknown as Report) : unreadable;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
