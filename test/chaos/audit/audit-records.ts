import type { Evidence, Found } from './evidence.ts';
import { groupBy } from './groups.ts';

/** Every attempt has one heal log, every incident that decided something has one insight, queued for embedding. */
export function auditRecords({
  records,
}: Evidence): Found<'lostHealLogs' | 'duplicateHealLogs' | 'lostInsights' | 'duplicateInsights'> {
  const counts = { lostHealLogs: 0, duplicateHealLogs: 0, lostInsights: 0, duplicateInsights: 0 };
  const findings: string[] = [];
  const logs = groupBy(records.healLogs, ({ incidentId }) => incidentId);
  const insights = groupBy(records.insights, ({ incidentId }) => incidentId);
  for (const { id, status, attempts, case: name } of records.incidents) {
    const about = `${name ?? 'no case'}, incident ${id} (${status})`;
    const own = logs.get(id) ?? [];
    const expected = attempts === 0 ? 1 : attempts;
    const made = new Set(
      own.map(({ attempt }) => attempt).filter((attempt) => attempt > 0 || attempts === 0),
    );
    if (made.size < expected) {
      counts.lostHealLogs += expected - made.size;
      findings.push(`${about}: ${expected} heal logs are owed, ${made.size} are there`);
    }
    // Before the first attempt there may be a refusal and what became of it, once each.
    const distinct = groupBy(own, ({ attempt, result }) => (attempt > 0 ? String(attempt) : `0 ${result}`));
    if (own.length > distinct.size) {
      counts.duplicateHealLogs += own.length - distinct.size;
      findings.push(`${about}: ${own.length} heal logs for ${distinct.size} attempts`);
    }
    const learnt = insights.get(id) ?? [];
    if (status !== 'suppressed' && learnt.every(({ queued }) => !queued)) {
      counts.lostInsights += 1;
      findings.push(`${about}: ${learnt.length === 0 ? 'no insight' : 'its insight is not queued'}`);
    }
    if (learnt.length > 1) {
      counts.duplicateInsights += learnt.length - 1;
      findings.push(`${about}: ${learnt.length} insights`);
    }
  }
  return { counts, findings };
}
