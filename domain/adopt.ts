import type { Container } from './container.ts';

/** What the last look before acting says: act, or leave alone because the cause is gone already. */
export type Look = { kind: 'act'; reason: string } | { kind: 'adopt'; reason: string };

const cause = {
  CONTAINER_EXITED: 'running',
  CONTAINER_UNHEALTHY: 'healthy',
  OOM_KILLED: 'restarted',
} as const;

/**
 * Looks again right before acting (loop.md, rule 12): a container that somebody has restarted since the failure
 * and that is well, or one whose reported fault is gone, is adopted instead of being restarted once more.
 * @param failedAt ISO time of the failure
 */
export function lookBeforeActing(container: Container, errorType: string, failedAt: string): Look {
  const well = container.running && (container.health === 'healthy' || container.health === 'none');
  if (!well)
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
  return { kind: 'act', reason: `it runs since ${container.startedAt}, before the failure` };
}

/**
 * Settles a restart whose outcome is unknown (ADR-013: never twice by one decision): did the container's
 * `StartedAt` move past what it was when the intent was noted?
 */
export function restartHappened(intentStartedAt: string, seen: Container): boolean {
  return seen.running && Date.parse(seen.startedAt) > Date.parse(intentStartedAt);
}
