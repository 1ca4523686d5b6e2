import type { Container } from './container.ts';
import type { Judgement } from './judge.ts';

/**
 * What the last look before acting says: act; watch first, because the cause looks gone (`adopt`) or it is starting;
 * or leave it alone, because it is not AutoHeal's to restart.
 */
export type Look =
  | { kind: 'act'; reason: string }
  | { kind: 'adopt'; reason: string }
  | { kind: 'await_start'; reason: string }
  | { kind: 'leave'; is: 'finished' | 'held' | 'unknown'; reason: string };

/** What an error type says of the container, where the container itself can contradict it. */
const claims: Partial<Record<string, (container: Container) => boolean>> = {
  CONTAINER_EXITED: () => true,
  CONTAINER_UNHEALTHY: ({ health }) => health === 'healthy',
  // Docker clears the flag at a person's restart, and keeps it when the policy brings the container back.
  OOM_KILLED: ({ oomKilled, restartCount }) => oomKilled && restartCount > 0,
};

/**
 * Looks again right before acting (loop.md, rule 12): a container that somebody has restarted since the failure
 * and that is well, or one whose reported fault is gone, is adopted instead of being restarted once more; one that
 * is starting is watched first; what has finished, or is held by a person, is left alone.
 * @param failedAt ISO time of the failure
 * @param mayRestartWell false for what a program printed, or asked for and no person approved: its word alone
 *   restarts nothing that is well (ADR-013 A13)
 */
export function lookBeforeActing(
  container: Container,
  { is, why }: Judgement,
  errorType: string,
  failedAt: string,
  mayRestartWell = true,
): Look {
  switch (is) {
    case 'ill':
      return { kind: 'act', reason: why };
    case 'starting':
      return { kind: 'await_start', reason: why };
    case 'finished':
    case 'held':
    case 'unknown':
      return { kind: 'leave', is, reason: why };
    case 'well':
      break;
  }
  if (Date.parse(container.startedAt) > Date.parse(failedAt)) {
    return {
      kind: 'adopt',
      reason: `it was restarted at ${container.startedAt}, after the failure, and is well: ${why}`,
    };
  }
  if (claims[errorType]?.(container) === true) return { kind: 'adopt', reason: `the fault is gone: ${why}` };
  if (!mayRestartWell)
    return {
      kind: 'adopt',
      reason: `it is well, and a program's word alone restarts nothing that is well: ${why}`,
    };
  return { kind: 'act', reason: `it runs since ${container.startedAt}, before the failure` };
}

/**
 * Settles a restart whose outcome is unknown (ADR-013: never twice by one decision): did the container's
 * `StartedAt` move past what it was when the intent was noted?
 */
export function restartHappened(intentStartedAt: string, seen: Container): boolean {
  return seen.running && Date.parse(seen.startedAt) > Date.parse(intentStartedAt);
}
