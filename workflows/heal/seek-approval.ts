import type { Sight } from '../../activities/look-at-container.ts';
import { lookBeforeActing } from '../../domain/container/adopt.ts';
import type { Decision } from '../../domain/incident/decide.ts';
import { awaitApproval, lookAtPlace } from './approval.ts';
import { avoid, refuse } from './avoid.ts';
import { leave } from './leave.ts';
import { passGuard } from './pass-guard.ts';
import type { HealRun, Outcome } from './run.ts';

/**
 * Rule 9 for a restart. A person is asked where the playbook wants it, and where a program asks for the restart of
 * a container that is well: nothing that can be seen bears out such a request, and a model's word is not enough
 * (ADR-013 A13). One whose container is visibly ill goes the way of every other restart.
 * @returns null when the restart may go on
 */
export async function seekApproval(
  run: HealRun,
  decision: Extract<Decision, { kind: 'restart' }>,
): Promise<Outcome | null> {
  const { playbook, place } = decision;
  if (!playbook.requiresApproval && !run.isRequested) return null;
  // Nobody is asked for what can't be done.
  const ahead = await passGuard(run, playbook, place, { sideEffect: true, peek: true });
  if (ahead !== null) return ahead;
  const seen = await lookAtPlace(place);
  if (seen.kind === 'protected') return avoid(run, decision, seen);
  if (seen.kind === 'refused') return refuse(run, seen);
  const { is } = seen.kind === 'found' ? seen.judgement : { is: null };
  if (seen.kind === 'found' && (is === 'held' || is === 'finished' || is === 'unknown'))
    return leave(run, { kind: 'left', is, reason: seen.judgement.why, container: seen.container });
  if (!playbook.requiresApproval && !isUnfounded(run, seen)) return null;
  const no = await awaitApproval(run, playbook, place, seen);
  run.mayRestartWell = no === null;
  return no;
}

/** Whether the container is well, and was so all the time, as far as can be seen. */
function isUnfounded(run: HealRun, seen: Sight): boolean {
  if (seen.kind !== 'found' || seen.judgement.is !== 'well') return false;
  return lookBeforeActing(seen.container, seen.judgement, run.errorType, run.failedAt).kind === 'act';
}
