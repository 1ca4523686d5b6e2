import type { Decision } from '../../domain/incident/decide.ts';
import { giveUp } from '../../domain/incident/verdict.ts';
import { recordedActions } from '../../domain/vocabulary/vocabulary.ts';
import { alert } from './alert.ts';
import { fixCode } from './code-fix.ts';
import { diagnose } from './diagnose.ts';
import { logOnce, logRefusal } from './log-once.ts';
import { restart } from './restart.ts';
import type { HealRun, Outcome } from './run.ts';
import { suppress } from './suppress.ts';
import { waitForCause } from './wait.ts';

/** Does what was decided, and says how it ended. */
export async function carryOut(run: HealRun, decision: Decision): Promise<Outcome> {
  run.playbook = 'playbook' in decision ? decision.playbook : null;
  if ('refused' in decision && decision.refused !== null) logRefusal(run, decision.refused);
  switch (decision.kind) {
    case 'suppress':
      return skippedWhenIdle(run, await suppress(decision.pause, decision.reason));
    case 'refuse':
      return refuse(run, decision);
    case 'alert':
      run.actionType = 'ALERT_ONLY';
      return skippedWhenIdle(run, await alert(run, decision));
    case 'wait':
      run.actionType = 'WAIT_RETRY';
      return skippedWhenIdle(run, await waitForCause(run, decision));
    case 'restart':
      run.actionType = 'DOCKER_RESTART';
      return skippedWhenIdle(run, await restart(run, decision));
    case 'diagnose':
      run.actionType = 'SSH_CMD';
      return skippedWhenIdle(run, await diagnose(run, decision));
    case 'code_fix':
      run.actionType = 'CODE_FIX';
      return skippedWhenIdle(run, await fixCode(run, decision));
  }
}

/** Rule 3: refused, with the rule and a way forward. */
function refuse(
  run: HealRun,
  { reason, wayForward, playbook }: Extract<Decision, { kind: 'refuse' }>,
): Outcome {
  const asked = recordedActions.find((type) => type === run.classified.report.action?.type);
  run.actionType = asked ?? playbook?.actionType ?? 'ALERT_ONLY';
  logOnce(run, run.actionType, 'refused', `${reason} ${wayForward}`);
  return {
    status: 'refused',
    verdict: giveUp(reason),
    reason,
    advice: { en: wayForward },
    output: null,
    tell: true,
  };
}

/** An incident in which nothing was tried says so in its heal log: stopped by the guard, or by a person. */
function skippedWhenIdle(run: HealRun, outcome: Outcome): Outcome {
  if (outcome.status === 'suppressed' || run.tried.length === 0)
    logOnce(run, run.actionType ?? 'ALERT_ONLY', 'skipped', outcome.reason);
  return outcome;
}
