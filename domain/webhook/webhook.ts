import { cutEnd } from '../redact/seam.ts';
import { z } from 'zod';
import type { Report } from '../report/report.ts';
import type { Severity } from '../vocabulary/vocabulary.ts';

/** One alert of a webhook's body, as AutoHeal understands it. */
export type ReadAlert =
  /** Something is failing: a report. */
  | { kind: 'firing'; name: string; report: Report }
  /** It is over: the report that a waiting incident of this fingerprint belongs to. */
  | { kind: 'resolved'; name: string; report: Report }
  /** Nothing to do, and why. */
  | { kind: 'ignored'; name: string; reason: string }
  | { kind: 'invalid'; name: string; problems: FieldProblem[] };

/** What is wrong with one field of what was sent; `field` is its path, `error.message`. */
export interface FieldProblem {
  field: string;
  detail: string;
}

/** Makes a short stable id of a text; the report's id, by which an alert that is sent again is recognised. */
export type Digest = (text: string) => string;

const SEVERITIES: Readonly<Record<string, Severity>> = {
  p1: 'P1',
  critical: 'P1',
  page: 'P1',
  emergency: 'P1',
  fatal: 'P1',
  p2: 'P2',
  high: 'P2',
  major: 'P2',
  error: 'P2',
  p3: 'P3',
  warning: 'P3',
  medium: 'P3',
  minor: 'P3',
  p4: 'P4',
  info: 'P4',
  low: 'P4',
  debug: 'P4',
};

/** A monitoring system's word for a severity; undefined leaves it to classification. */
export const severityOf = (word: string | undefined): Severity | undefined =>
  SEVERITIES[word?.toLowerCase() ?? ''];

/** At most `max` UTF-16 units, without what the cut may have gone through: the secrets are still in it. */
export const headOf = (text: string, max: number): string =>
  cutEnd(text, max).replace(/[\uD800-\uDBFF]$/, '');

/** Labels as a report takes them: at most 100, each within the report's limits. */
export const boundedLabels = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels)
      .slice(0, 100)
      .map(([name, value]) => [headOf(name, 200), headOf(value, 2000)]),
  );

/** Names each bad field, also those that are not known. */
export const fieldProblems = (error: z.ZodError, under: readonly PropertyKey[] = []): FieldProblem[] =>
  error.issues.flatMap((issue) => {
    if (issue.code === 'invalid_union') return closestProblems(issue.errors, [...under, ...issue.path]);
    const path = [...under, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ field: fieldName(path), detail: issue.message }];
    return issue.keys.map((key) => ({ field: fieldName([...path, key]), detail: 'is not a known field' }));
  });

/** Of what could have been meant, that of which the least is wrong. */
const closestProblems = (
  branches: readonly (readonly z.core.$ZodIssue[])[],
  under: readonly PropertyKey[],
): FieldProblem[] => {
  const [closest = []] = [...branches].sort((a, b) => a.length - b.length);
  return fieldProblems(new z.ZodError([...closest]), under);
};

const fieldName = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? '(body)'
    : path
        .map((step, index) =>
          typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`,
        )
        .join('');

/** ISO time with an offset, or undefined: `0001-01-01T00:00:00Z` stands for "not set" in Go programs. */
export const timeOf = (text: string | undefined): string | undefined => {
  if (text === undefined || text.startsWith('0001-')) return undefined;
  return z.iso.datetime({ offset: true }).safeParse(text).success ? text : undefined;
};
