import { sleep, workflowInfo } from '@temporalio/workflow';
import type { LookInput, Sight } from '../../activities/look-at-container.ts';
import type { Place } from '../../domain/incident/decide.ts';
import { failureOf, type GuardAnswer } from '../../domain/guard/guard.ts';
import type { Playbook } from '../../domain/playbook/playbook.ts';
import { giveUp, retryAt } from '../../domain/incident/verdict.ts';
import { thinking } from '../proxies.ts';
import type { HealRun, Outcome } from './run.ts';

/** How long to wait before asking again for a lease that another incident holds: 0.5 s, then longer, at most 10 s. */
const leasePauseMs = (asked: number): number => Math.min(10_000, 500 * 2 ** asked);

interface Passing {
  sideEffect: boolean;
  peek: boolean;
  attempt?: number;
  /** A container to look at meanwhile. */
  look?: LookInput;
}

/**
 * Rules 6 to 8: cooldown, lease, budgets. Waits, durably, for a lease that another incident holds.
 * @returns null when the action may go on, with the holds noted in the run
 */
export async function passGuard(
  run: HealRun,
  playbook: Playbook,
  place: Place,
  passing: Passing,
): Promise<Outcome | null> {
  return (await ask(run, playbook, place, passing)).stopped;
}

/**
 * The same before a restart. The container is looked at in the same step, which spares a round trip: it only notes
 * what is there, and `executeSsh` looks once more, by id, right before it acts.
 */
export function passGuardLooking(
  run: HealRun,
  playbook: Playbook,
  place: Place,
  attempt: number,
): Promise<Passage> {
  const { host, container } = place;
  const look = host === null || container === null ? {} : { look: { host, container } };
  return ask(run, playbook, place, { sideEffect: true, peek: false, attempt, ...look });
}

export interface Passage {
  stopped: Outcome | null;
  /** Null where none was asked for, or where it could not be had in a moment. */
  sight: Sight | null;
}

async function ask(
  run: HealRun,
  playbook: Playbook,
  place: Place,
  { sideEffect, peek, attempt = 1, look }: Passing,
): Promise<Passage> {
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
      ...(look === undefined ? {} : { look }),
    });
    if (answer.kind === 'granted') {
      run.holds.push(...answer.holds);
      return { stopped: null, sight: answer.sight ?? null };
    }
    // Looking ahead, a lease is no reason to stop: it will be waited for when it is needed.
    if (answer.kind === 'lease_held' && peek) return { stopped: null, sight: null };
    if (answer.kind !== 'lease_held') return { stopped: refusal(answer), sight: null };
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
