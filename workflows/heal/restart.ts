import { condition } from '@temporalio/workflow';
import { backoffMs } from '../../domain/incident/attempt.ts';
import type { Decision, Place } from '../../domain/incident/decide.ts';
import type { Playbook } from '../../domain/playbook/playbook.ts';
import { giveUp, retryNow } from '../../domain/incident/verdict.ts';
import { attemptRestart } from './attempt-restart.ts';
import { avoid, refused } from './avoid.ts';
import { confirmWithCaller } from './confirm-with-caller.ts';
import { leave } from './leave.ts';
import { passGuardLooking } from './pass-guard.ts';
import { PauseWatch } from './pauses.ts';
import type { HealRun, Outcome } from './run.ts';
import { seekApproval } from './seek-approval.ts';

/** Rule 12 for DOCKER_RESTART: look, act, verify; the next attempt after backoff; escalated when attempts are spent. */
export async function restart(
  run: HealRun,
  decision: Extract<Decision, { kind: 'restart' }>,
): Promise<Outcome> {
  const { playbook, place } = decision;
  const pauses = new PauseWatch(place, Date.now());
  const denied = await seekApproval(run, decision);
  if (denied !== null) return denied;
  let passage = await passGuardLooking(run, playbook, place, 1);
  if (passage.stopped !== null) return passage.stopped;

  for (let attempt = 1; attempt <= playbook.maxRetries; attempt++) {
    const paused = await pauses.stops();
    if (paused !== null) return paused;
    if (attempt > 1) passage = await passGuardLooking(run, playbook, place, attempt);
    if (passage.stopped !== null) return passage.stopped;
    run.attempts = attempt;
    run.become('acting');
    const result = await attemptRestart(run, playbook, place, attempt, passage.sight);
    if (result.kind === 'protected') {
      run.attempts = attempt - 1;
      return avoid(run, decision, result);
    }
    if (result.kind === 'left') return leave(run, result);
    if (result.kind === 'refused') return refused(result.reason, result.wayForward);
    if (result.kind === 'well' && (await confirmWithCaller(run))) {
      return {
        status: 'resolved',
        verdict: retryNow(result.reason),
        reason: result.reason,
        advice: {},
        output: null,
        tell: true,
      };
    }
    if (attempt < playbook.maxRetries) await pause(run, playbook, place, attempt);
  }
  const reason = `${playbook.maxRetries} attempt(s) of ${playbook.name} did not help`;
  return {
    status: 'escalated',
    verdict: giveUp(reason),
    reason,
    advice: playbook.actionParams.advice ?? {},
    output: null,
    tell: true,
  };
}

async function pause(run: HealRun, playbook: Playbook, place: Place, attempt: number): Promise<void> {
  const waitMs = backoffMs(playbook.actionParams, attempt, Math.random());
  const until = new Date(Date.now() + waitMs).toISOString();
  run.become('waiting', `attempt ${attempt + 1} on ${place.target ?? ''}`, until);
  await condition(() => run.causeGone !== null, waitMs, { summary: `backoff before attempt ${attempt + 1}` });
}
