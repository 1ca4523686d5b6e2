import { sleep, workflowInfo } from '@temporalio/workflow';
import type { Place } from '../../domain/decide.ts';
import { failureOf, type GuardAnswer } from '../../domain/guard.ts';
import type { Playbook } from '../../domain/playbook.ts';
import { giveUp, retryAt } from '../../domain/verdict.ts';
import { thinking } from '../proxies.ts';
import type { HealRun, Outcome } from './run.ts';

/** How long to wait before asking again for a lease that another incident holds: 0.5 s, then longer, at most 10 s. */
const leasePauseMs = (asked: number): number => Math.min(10_000, 500 * 2 ** asked);

/**
 * Rules 6 to 8: cooldown, lease, budgets. Waits, durably, for a lease that another incident holds.
 * @returns null when the action may go on, with the holds noted in the run
 */
export async function passGuard(
  run: HealRun,
  playbook: Playbook,
  place: Place,
  { sideEffect, peek, attempt = 1 }: { sideEffect: boolean; peek: boolean; attempt?: number },
): Promise<Outcome | null> {
  const { report, classification } = run.classified;
  for (let asked = 0; ; asked++) {
    const answer = await thinking.checkCooldown({
      claim: {
        incidentId: run.incidentId,
        workflowId: workflowInfo().workflowId,
        runId: workflowInfo().runId,
        playbook: playbook.name,
        host: place.host,
        target: place.target,
        cooldownMin: playbook.cooldownMin,
        failure: failureOf(report, classification.fingerprint),
        sideEffect,
        peek,
        attempt,
      },
    });
    if (answer.kind === 'granted') {
      run.holds.push(...answer.holds);
      return null;
    }
    // Looking ahead, a lease is no reason to stop: it will be waited for when it is needed.
    if (answer.kind === 'lease_held' && peek) return null;
    if (answer.kind !== 'lease_held') return refusal(answer);
    if (asked === 0) {
      run.note(`${answer.heldBy} is healing ${place.target ?? 'it'}: waiting for its lease`);
      run.become('waiting', `the lease of ${place.target ?? 'the target'}, held by ${answer.heldBy}`);
    }
    await sleep(leasePauseMs(asked), { summary: `lease held by ${answer.heldBy}` });
  }
}

function refusal(answer: Exclude<GuardAnswer, { kind: 'granted' | 'lease_held' }>): Outcome {
  const nothing = { advice: {}, output: null };
  switch (answer.kind) {
    case 'cooling_down': {
      const reason = `the playbook fired for this target already and is cooling down until ${answer.until}`;
      return {
        ...nothing,
        status: 'suppressed',
        verdict: retryAt(answer.until, reason),
        reason,
        tell: false,
      };
    }
    case 'budget_spent': {
      const reason = `the restart budget of ${answer.scope} is spent (${answer.limit} in ${answer.windowMin} min)`;
      return { ...nothing, status: 'escalated', verdict: giveUp(reason), reason, tell: true };
    }
    case 'storm': {
      const reason = `a storm: more than ${answer.limit} different targets failed inside ${answer.windowMin} min, so nothing is restarted`;
      return { ...nothing, status: 'escalated', verdict: giveUp(reason), reason, tell: true };
    }
    case 'flapping': {
      const reason = `flapping: healed ${answer.limit} times in ${answer.hours} h, and failing again`;
      return { ...nothing, status: 'escalated', verdict: giveUp(reason), reason, tell: true };
    }
  }
}
