import type { Report } from './report.ts';
import { sources } from '../vocabulary/vocabulary.ts';

/** Stands for what came in place of a report: it is counted all the same. */
export const unreadable: Report = { source: 'api', error: { message: 'an unreadable report' } };

/**
 * What arrived as a report, as far as counting needs to read it. Whether the rest is right is said when it is
 * classified: a workflow carries no schemas, which cost each run a megabyte and some milliseconds.
 */
export function asReport(input: unknown): Report {
  if (!isObject(input) || !isObject(input['error']) || !isPassable(input)) return unreadable;
  const { source, reportId, occurredAt, error, alert } = input;
  const isRead =
    sources.some((known) => known === source) &&
    typeof error['message'] === 'string' &&
    (reportId === undefined || isText(reportId, /^[^]{1,100}$/)) &&
    (occurredAt === undefined || isInstant(occurredAt)) &&
    (alert === undefined || (isObject(alert) && isText(alert['fingerprint'], /^[^]{1,200}$/)));
  return isRead ? (input as unknown as Report) : unreadable;
}

/** A report, its labels, and what they say. What is nested deeper than the stack reaches can't even be passed on. */
const levels = 3;

function isAtMost(depth: number, value: unknown): boolean {
  if (!isObject(value)) return true;
  return depth > 0 && Object.values(value).every((each) => isAtMost(depth - 1, each));
}

export const isPassable = (input: unknown): boolean => isAtMost(levels, input);

/** Stands for it where a report is checked: refused there, with these words. */
export const unpassable = 'nested too deeply to be a report' as unknown as Report;

/** With its offset: without one it would mean another time on another worker. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** An ISO time with its offset. */
export const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && instant.test(value) && !Number.isNaN(Date.parse(value));

const isText = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
