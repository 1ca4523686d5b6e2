import type { Place } from '../incident/decide.ts';
import type { Probe } from './probe.ts';

/**
 * How the cause of a failure can be looked at without touching it (ADR-013 A9): the name resolves, the database
 * accepts, the port opens, the container is well. Null where nothing about it can be probed.
 */
export function probeFor(
  { errorType, facts }: { errorType: string; facts: Record<string, string> },
  place: Place,
  named: string | null,
): Probe | null {
  const name = facts['name'] ?? facts['host'];
  if (errorType === 'DNS_FAIL' && name !== undefined) return { kind: 'resolve', name };
  if (errorType === 'DB_UNREACHABLE' && name !== undefined) return { kind: 'database', host: name };
  if (facts['host'] !== undefined && facts['port'] !== undefined) {
    return { kind: 'port', host: facts['host'], port: Number(facts['port']) };
  }
  if (place.host !== null && (place.container ?? named) !== null) return { kind: 'container' };
  return null;
}
