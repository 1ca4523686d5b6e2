import type { Classification } from '../playbook/playbook.ts';

/** What a failure was read as, by which evidence and rule, and what of it stays unknown: one line for people. */
export function describeClassification({
  errorType,
  severity,
  rule,
  evidence,
  missing = [],
}: Classification): string {
  const by = evidence === undefined || rule === null ? '' : ` by ${evidence}`;
  const lacks = missing.length === 0 ? '' : `; the report does not say its ${missing.join(' and ')}`;
  return `classified as ${errorType}, ${severity}${by} (${rule ?? 'no rule matches'})${lacks}`;
}
