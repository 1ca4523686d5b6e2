import type { Listener } from '../../../domain/incident/counting.ts';
import { opened, type Classified, type IncidentState } from '../../../domain/incident/state.ts';
import type { Report } from '../../../domain/report/report.ts';
import { place } from '../loop-samples.ts';

/** An incident for tests of its changes. Times are in milliseconds since `t0`. */

export const t0 = Date.parse('2026-04-19T03:00:00Z');

export const reportOf = (more: Partial<Report> = {}): Report => ({
  source: 'alertmanager',
  target: 'momo-web',
  error: { message: 'container momo-web is unhealthy' },
  ...more,
});

export const classifiedOf = (report: Report): Classified => ({
  report,
  classification: {
    errorType: 'CONTAINER_UNHEALTHY',
    severity: 'P2',
    fingerprint: 'f'.repeat(32),
    facts: {},
    rule: 'rules.yaml#1',
  },
  place,
  settings: { searchAttributes: true, tellWaitsOverSec: 10 },
});

export function incidentOf(more: Partial<IncidentState> = {}, report: Report = reportOf()): IncidentState {
  const runId = '3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d';
  return { ...opened(runId, report, classifiedOf(report), t0), ...more };
}

export const listenerOf = (workflowId: string): Listener => ({ workflowId, tellsOutcome: false });
