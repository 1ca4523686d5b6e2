import { condition } from '@temporalio/workflow';
import { backoffMs } from '../../domain/attempt.ts';
import type { Decision, Place } from '../../domain/decide.ts';
import type { Playbook } from '../../domain/playbook.ts';
import { giveUp, retryNow } from '../../domain/verdict.ts';
import { awaitApproval, lookAtPlace } from './approval.ts';
import { attemptRestart } from './attempt-restart.ts';
import { confirmWithCaller } from './confirm-with-caller.ts';
import { downgrade } from './downgrade.ts';
import { logOnce } from './log-once.ts';
import { passGuard } from './pass-guard.ts';
import type { HealRun, Outcome } from './run.ts';

/** Rule 12 for DOCKER_RESTART: look, act, verify; the next attempt after backoff; escalated when attempts are spent. */
export async function restart(
  run: HealRun,
  decision: Extract<Decision, { kind: 'restart' }>,
): Promise<Outcome> {
  const { playbook, place } = decision;
  if (playbook.requiresApproval) {
    const ahead = await passGuard(run, playbook, place, { sideEffect: true, peek: true });
    if (ahead !== null) return ahead;
    // Nobody is asked for what can't be done.
    const seen = await lookAtPlace(place);
    if (seen.kind === 'protected') return downgrade(run, decision, seen);
    if (seen.kind === 'refused') return refuse(run, seen);
    const no = await awaitApproval(run, playbook, place, seen);
    if (no !== null) return no;
  }
  const stopped = await passGuard(run, playbook, place, { sideEffect: true, peek: false });
  if (stopped !== null) return stopped;

  for (let attempt = 1; attempt <= playbook.maxRetries; attempt++) {
    run.attempts = attempt;
    run.become('acting');
    const result = await attemptRestart(run, playbook, place, attempt);
    if (result.kind === 'protected') {
      run.attempts = attempt - 1;
      return downgrade(run, decision, result);
    }
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

function refuse(run: HealRun, { reason, wayForward }: { reason: string; wayForward: string }): Outcome {
  logOnce(run, 'DOCKER_RESTART', 'refused', `${reason}. ${wayForward}`);
  return refused(reason, wayForward);
}

function refused(reason: string, wayForward: string): Outcome {
  return {
    status: 'refused',
    verdict: giveUp(reason),
    reason,
    advice: { en: wayForward },
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
