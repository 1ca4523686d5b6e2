import type { Evidence } from './evidence.ts';
import { groupBy } from './groups.ts';

/** ADR-013 A15: DB_UNREACHABLE and DNS_FAIL of class P1 and P2 are dealt with inside 30 seconds. */
const urgentWithinMs = 30_000;
const urgentTypes = new Set(['DB_UNREACHABLE', 'DNS_FAIL']);

export interface Latency {
  p50Ms: number;
  p95Ms: number;
  p999Ms: number;
  /** Urgent incidents in which nothing was begun and nobody told within 30 s. */
  lateUrgent: number;
  findings: string[];
}

/** From a report's acceptance to the first sign that it was dealt with: an attempt begun, or a person told. */
export function measureLatency({ accepted, records, messages }: Evidence): Latency {
  const logs = groupBy(records.healLogs, ({ incidentId }) => incidentId);
  const first = new Map<string, number>();
  for (const { case: name, acceptedAtMs } of accepted) {
    first.set(name, Math.min(acceptedAtMs, first.get(name) ?? Infinity));
  }
  const findings: string[] = [];
  const all = records.incidents.map((incident) => {
    // Of a case's later incidents the first report is the one that opened them.
    const acceptedMs = Math.max(first.get(incident.case ?? '') ?? 0, incident.firstSeenAtMs);
    const told = messages.find(({ text }) => text.includes(incident.id))?.at;
    const begunMs = (logs.get(incident.id) ?? []).map(({ startedAtMs }) => startedAtMs);
    const dealtWithMs = Math.min(...begunMs, told === undefined ? Infinity : Date.parse(told));
    const latencyMs = Math.max(0, dealtWithMs - acceptedMs);
    if (urgentTypes.has(incident.errorType) && latencyMs > urgentWithinMs) {
      const seconds = Math.round(latencyMs / 1000);
      const about = `${incident.case ?? 'no case'}, incident ${incident.id}`;
      findings.push(`${about} (${incident.errorType}) was dealt with after ${seconds} s`);
    }
    return latencyMs;
  });
  all.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(all[Math.min(all.length - 1, Math.ceil(share * all.length) - 1)] ?? 0);
  return { p50Ms: at(0.5), p95Ms: at(0.95), p999Ms: at(0.999), lateUrgent: findings.length, findings };
}
