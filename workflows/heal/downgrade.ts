import type { Decision } from '../../domain/incident/decide.ts';
import { releasing } from '../proxies.ts';
import type { Protected } from './attempt-restart.ts';
import { logRefusal } from './log-once.ts';
import type { HealRun, Outcome } from './run.ts';
import { waitForCause } from './wait.ts';

/**
 * Rule 5 for what only the host could tell: the container goes by a harmless name and is protected all the same, by
 * an alias, a label, its id or its image. The restart becomes a wait until it is well (ADR-013 A9).
 */
export async function downgrade(
  run: HealRun,
  { playbook, place }: Extract<Decision, { kind: 'restart' }>,
  { rule, reason, wayForward }: Protected,
): Promise<Outcome> {
  const refused = { rule, reason, wayForward, became: 'WAIT_RETRY' as const };
  logRefusal(run, refused);
  run.actionType = 'WAIT_RETRY';
  // Nothing will be done to the target, so nobody has to wait for it, and it counts towards no budget.
  const holds = run.holds.filter(({ kind }) => kind !== 'cooldown');
  run.holds = run.holds.filter(({ kind }) => kind === 'cooldown');
  if (holds.length > 0) await releasing.releaseHolds({ holds, reason: 'the container is protected' });
  return waitForCause(run, {
    kind: 'wait',
    rule: 5,
    playbook,
    place,
    probe: { kind: 'container' },
    reason: `${reason}; downgraded to WAIT_RETRY`,
    refused,
  });
}
