import type { Notice } from './notice.ts';

/** A workflow carries no schemas (see unread-report): what it needs of a notice's shape is checked by hand. */

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === 'string';
const textOrNull: Check = (value) => value === null || text(value);
const count: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const record: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const absentOr =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const shape: { [Field in keyof Required<Notice>]: Check } = {
  ...{ noticeId: text, kind: text, incidentId: text, severity: text, errorType: text, message: text },
  ...{ task: textOrNull, host: textOrNull, target: textOrNull, playbook: textOrNull, actionType: textOrNull },
  ...{ attempts: count, maxAttempts: count, occurrences: count, tried: texts, reason: text },
  ...{ output: textOrNull, advice: record, similar: texts, workflowId: text, runId: text, until: textOrNull },
  ...{
    nonce: textOrNull,
    triedWhy: absentOr(Array.isArray),
    why: absentOr(record),
    failedAt: absentOr(text),
  },
  ...{ acknowledgedBy: absentOr(textOrNull), exception: absentOr(textOrNull) },
  ...{ decidedBy: absentOr(textOrNull), resolvedByHand: absentOr(record), reminder: absentOr(count) },
};

/** @returns null for what is no notice: whoever may signal a workflow may send anything */
export function asNotice(input: unknown): Notice | null {
  if (typeof input !== 'object' || input === null) return null;
  const fields = input as Record<string, unknown>;
  const fits = Object.entries(shape).every(([field, check]) => check(fields[field]));
  return fits ? (input as Notice) : null;
}
