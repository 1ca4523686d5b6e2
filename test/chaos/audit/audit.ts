import { auditEffects } from './audit-effects.ts';
import { auditMessages } from './audit-messages.ts';
import { auditRecords } from './audit-records.ts';
import { auditReports } from './audit-reports.ts';
import type { Evidence } from './evidence.ts';
import { measureLatency } from './latency.ts';

export type Audit = ReturnType<typeof audit>;

/** Compares what was sent with what was recorded, done and told. `ok` where nothing is missing and nothing is there twice. */
export function audit(evidence: Evidence) {
  const reports = auditReports(evidence);
  const records = auditRecords(evidence);
  const effects = auditEffects(evidence);
  const messages = auditMessages(evidence);
  const { findings: late, ...latency } = measureLatency(evidence);
  const { duplicatesAfterLostAnswer, ...told } = messages.counts;
  const mustBeNone = { ...reports.counts, ...records.counts, ...effects.counts, ...told };
  const wrong = Object.values(mustBeNone).reduce((sum, count) => sum + count, 0) + latency.lateUrgent;
  return {
    ok: wrong === 0,
    incidents: evidence.records.incidents.length,
    reportsAccepted: new Set(evidence.accepted.map(({ reportId }) => reportId)).size,
    ...mustBeNone,
    duplicatesAfterLostAnswer,
    ...latency,
    findings: [...reports.findings, ...records.findings, ...effects.findings, ...messages.findings, ...late],
  };
}
