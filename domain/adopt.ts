import type { Container } from './container.ts';

/** What the last look before acting says: act, or leave alone because the cause is gone already. */
export type Look = { kind: 'act'; reason: string } | { kind: 'adopt'; reason: string };

const cause = {
  CONTAINER_EXITED: 'running',
  CONTAINER_UNHEALTHY: 'healthy',
  OOM_KILLED: 'restarted',
} as const;

/** It runs, and its health check, where it has one, says so. */
export const isWell = ({ running, health }: Container): boolean =>
  running && (health === 'healthy' || health === 'none');

/**
 * Looks again right before acting (loop.md, rule 12): a container that somebody has restarted since the failure
 * and that is well, or one whose reported fault is gone, is adopted instead of being restarted once more.
 * @param failedAt ISO time of the failure
 * @param mayRestartWell false for what a program asked for and no person approved: its word alone restarts nothing
 *   that is well (ADR-013 A13)
 */
export function lookBeforeActing(
  container: Container,
  errorType: string,
  failedAt: string,
  mayRestartWell = true,
): Look {
  if (!isWell(container))
    return { kind: 'act', reason: `the container is ${container.status}, health ${container.health}` };
  if (Date.parse(container.startedAt) > Date.parse(failedAt)) {
    return {
      kind: 'adopt',
      reason: `it was restarted at ${container.startedAt}, after the failure, and is well`,
    };
  }
  const expected = cause[errorType as keyof typeof cause];
  if (expected === 'running' || (expected === 'healthy' && container.health === 'healthy')) {
    return {
      kind: 'adopt',
      reason: `the fault is gone: the container is ${container.status}, health ${container.health}`,
    };
  }
  if (!mayRestartWell) return { kind: 'adopt', reason: 'it is well, and nobody approved restarting it' };
  return { kind: 'act', reason: `it runs since ${container.startedAt}, before the failure` };
}

/**
 * Settles a restart whose outcome is unknown (ADR-013: never twice by one decision): did the container's
 * `StartedAt` move past what it was when the intent was noted?
 */
export function restartHappened(intentStartedAt: string, seen: Container): boolean {
  return seen.running && Date.parse(seen.startedAt) > Date.parse(intentStartedAt);
}
