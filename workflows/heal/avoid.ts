import type { Decision } from '../../domain/incident/decide.ts';
import { giveUp } from '../../domain/incident/verdict.ts';
import type { Protected } from './attempt-restart.ts';
import { downgrade } from './downgrade.ts';
import { logOnce } from './log-once.ts';
import type { HealRun, Outcome } from './run.ts';

type Restart = Extract<Decision, { kind: 'restart' }>;

/** What only the host could tell is protected: a playbook's own choice is downgraded, a request is refused. */
export function avoid(run: HealRun, decision: Restart, seen: Protected): Promise<Outcome> | Outcome {
  return run.isRequested ? refuse(run, seen) : downgrade(run, decision, seen);
}

/** Refused before anything was tried, with the refusal in the heal log. */
export function refuse(
  run: HealRun,
  { reason, wayForward }: { reason: string; wayForward: string },
): Outcome {
  logOnce(run, 'DOCKER_RESTART', 'refused', `${reason}. ${wayForward}`);
  return refused(reason, wayForward);
}

export function refused(reason: string, wayForward: string): Outcome {
  return {
    status: 'refused',
    verdict: giveUp(reason),
    reason,
    advice: { en: wayForward },
    output: null,
    tell: true,
  };
}
