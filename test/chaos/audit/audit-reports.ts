import type { Evidence, Found } from './evidence.ts';
import { groupBy } from './groups.ts';

/**
 * Every accepted report is counted on exactly one incident of its case. A report that was sent again after its
 * incident had ended may have opened another one: sent twice, it may count twice there, and never less than once.
 */
export function auditReports({
  accepted,
  records,
}: Evidence): Found<'lostReports' | 'overcountedReports' | 'unfinishedIncidents'> {
  const incidents = groupBy(records.incidents, (incident) => incident.case ?? 'none');
  const counts = { lostReports: 0, overcountedReports: 0, unfinishedIncidents: 0 };
  const findings: string[] = [];
  for (const [name, reports] of groupBy(accepted, (report) => report.case)) {
    const opened = incidents.get(name) ?? [];
    const counted = opened.reduce((sum, { occurrences }) => sum + occurrences, 0);
    const distinct = new Set(reports.map(({ reportId }) => reportId)).size;
    const most = opened.length > 1 ? reports.reduce((sum, { tries }) => sum + tries, 0) : distinct;
    if (counted < distinct) {
      counts.lostReports += distinct - counted;
      findings.push(`${name}: ${distinct} reports were accepted, ${counted} are counted`);
    } else if (counted > most) {
      counts.overcountedReports += counted - most;
      findings.push(
        `${name}: ${distinct} reports were accepted, ${counted} are counted, at most ${most} may be`,
      );
    }
  }
  const final = new Set(['resolved', 'alerted', 'escalated', 'suppressed', 'refused']);
  for (const { id, status, case: name } of records.incidents) {
    if (final.has(status)) continue;
    counts.unfinishedIncidents += 1;
    findings.push(`${name ?? 'no case'}: incident ${id} is ${status} for ever`);
  }
  return { counts, findings };
}
