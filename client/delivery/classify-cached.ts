import type { CompiledRules } from '../../domain/report/classify.ts';
import type { Estate } from '../../domain/estate.ts';
import { placeReport, type PlacedReport } from '../../domain/report/place-report.ts';
import { redactReport } from '../../domain/redact/redact.ts';
import type { Report } from '../../domain/report/report.ts';

interface Ground {
  rules: CompiledRules;
  estate: Estate;
}

/** How many different failures are remembered, and how long a report may be for it. */
const remembered = 200;
const longestKey = 20_000;

const memory = new WeakMap<CompiledRules, { estate: Estate; placed: Map<string, PlacedReport> }>();

/**
 * Places a report (domain/place-report), and remembers the latest failures: one that is reported a thousand times at
 * once is classified once. Only what makes two reports of a failure differ, id and time, is taken anew.
 */
export function placeKnown(report: Report, ground: Ground): PlacedReport {
  const { reportId, occurredAt, ...failure } = report;
  const key = JSON.stringify(failure);
  if (key.length > longestKey) return placeReport(report, ground);
  const known = memoryOf(ground);
  const placed = known.get(key) ?? placeReport(failure, ground);
  // The latest are kept: what is used again goes to the end.
  known.delete(key);
  known.set(key, placed);
  if (known.size > remembered) known.delete(known.keys().next().value ?? '');
  const own = {
    ...(reportId === undefined ? {} : { reportId: cleanId(reportId) }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
  };
  return { ...placed, report: { ...placed.report, ...own } };
}

/** What most senders choose: it holds no secret. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function cleanId(reportId: string): string {
  if (uuid.test(reportId)) return reportId;
  return redactReport({ source: 'api', error: { message: '-' }, reportId }).reportId ?? reportId;
}

function memoryOf({ rules, estate }: Ground): Map<string, PlacedReport> {
  const known = memory.get(rules);
  if (known?.estate === estate) return known.placed;
  const placed = new Map<string, PlacedReport>();
  memory.set(rules, { estate, placed });
  return placed;
}
