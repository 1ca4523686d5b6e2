import { sleep } from '@temporalio/workflow';
import type { LookInput, Sight } from '../../activities/look-at-container.ts';
import { decide, type Decision, type Facts, type Place } from '../../domain/incident/decide.ts';
import type { GuardAnswer, Pause } from '../../domain/guard/guard.ts';
import { escalated, relapsed, resolved, suppressed, type Outcome } from '../../domain/incident/outcome.ts';
import { holding } from '../../domain/incident/transitions.ts';
import { claimOf } from '../../domain/incident/views.ts';
import type { Playbook } from '../../domain/playbook/playbook.ts';
import { because } from '../../domain/message/reasons.ts';
import { toldIds } from '../../domain/workflow-ids.ts';
import { thinking } from '../proxies.ts';
import { lookAtPlace } from './actions/run-remote.ts';
import type { Incident } from './incident.ts';

/** A pause without an end is told again after this long. */
const endlessPauseToldMin = 24 * 60;
/** A pause that is set while an action is on its way stops it, as long as it was set this long before. */
const freshForMs = 2000;

/** How long to wait before asking again for a lease that another incident holds: 0.5 s, then longer, at most 10 s. */
const leasePauseMs = (asked: number): number => Math.min(10_000, 500 * 2 ** asked);

/**
 * Decides, with the pauses that lie over the place where the action would be: that is mostly the incident's own, but
 * a playbook may name another target, and a code fix has a host of its own.
 * @param over the pauses over the incident's own place
 */
export async function decideUnpaused(
  facts: Omit<Facts, 'pauses'>,
  own: Place,
  over: Pause[],
): Promise<Decision> {
  const decision = decide({ ...facts, pauses: over });
  const at = placeOf(decision);
  if (at === null || (at.host === own.host && at.target === own.target)) return decision;
  const pauses = await thinking.readPauses({ host: at.host, target: at.target });
  return pauses.length === 0 ? decision : decide({ ...facts, pauses });
}

/** Where an action would be; what only waits or tells is nowhere. */
function placeOf(decision: Decision): { host: string | null; target: string | null } | null {
  if (decision.kind === 'code_fix') return { host: decision.host, target: null };
  return 'place' in decision && decision.kind !== 'wait' ? decision.place : null;
}

/** Rule 2: recorded, and told once per pause. */
export async function suppress(
  { state }: Incident,
  pause: Pause,
  code: 'paused' | 'paused_meanwhile',
): Promise<Outcome> {
  const { owner, reason, until } = pause;
  const why = because(code, { owner, reason, until: until ?? '' });
  const leftMin =
    pause.until === null ? endlessPauseToldMin : (Date.parse(pause.until) - Date.now()) / 60_000;
  const claim = { id: toldIds.pause(pause), forMin: Math.max(1, leftMin), holder: state.runId };
  return suppressed(why, until, await thinking.claimOnce(claim), { why: 'pause', at: until });
}

/** Watches for pauses while something with a side effect is on its way. */
export class PauseWatch {
  readonly #incident: Incident;
  readonly #at: { host: string | null; target: string | null };
  #readAtMs = Date.now();

  /** Begin it right after the pauses over this place were read. */
  constructor(incident: Incident, { host, target }: { host: string | null; target: string | null }) {
    this.#incident = incident;
    this.#at = { host, target };
  }

  /** Looks again, unless that was done a moment ago. @returns null where nothing is paused */
  async stops(): Promise<Outcome | null> {
    if (Date.now() - this.#readAtMs < freshForMs) return null;
    const [pause] = await thinking.readPauses(this.#at);
    this.#readAtMs = Date.now();
    if (pause === undefined) return null;
    return suppress(this.#incident, pause, 'paused_meanwhile');
  }
}

interface Passing {
  /** Only asks; nothing is taken. */
  peek?: boolean;
  sideEffect?: boolean;
  attempt?: number;
  /** A container to look at meanwhile, which spares a round trip; right before acting it is looked at once more. */
  look?: LookInput;
}

/** What the guard says: an outcome where it says no, and what was seen where a look was asked for and could be had. */
export interface Passage {
  stopped: Outcome | null;
  sight: Sight | null;
}

/**
 * Rules 6 to 8: cooldown, lease, budgets. Waits, durably, for a lease that another incident holds. When the action
 * may go on, its holds are noted in the incident.
 */
export async function passGuard(
  incident: Incident,
  playbook: Playbook,
  place: Place,
  { sideEffect = false, peek = false, attempt = 1, look }: Passing = {},
): Promise<Passage> {
  for (let asked = 0; ; asked++) {
    const claim = claimOf(incident.state, playbook, place, { sideEffect, peek, attempt });
    const answer = await thinking.checkCooldown({ claim, ...(look === undefined ? {} : { look }) });
    if (answer.kind === 'granted') {
      incident.apply((now) => holding(now, [...now.holds, ...answer.holds]));
      return { stopped: null, sight: answer.sight ?? null };
    }
    // Looking ahead, a lease is no reason to stop: it will be waited for when it is needed.
    if (answer.kind === 'lease_held' && peek) return { stopped: null, sight: null };
    if (answer.kind === 'cooling_down') {
      const waited = asked > 0;
      return { stopped: await coolingDown(incident, playbook, place, answer.until, waited), sight: null };
    }
    if (answer.kind !== 'lease_held') return { stopped: refusal(answer), sight: null };
    if (asked === 0) {
      incident.note(`${answer.heldBy} is healing ${place.target ?? 'it'}: waiting for its lease`);
      incident.become('waiting', `the lease of ${place.target ?? 'the target'}, held by ${answer.heldBy}`);
    }
    await sleep(leasePauseMs(asked), { summary: `lease held by ${answer.heldBy}` });
  }
}

/**
 * Rule 6: the playbook fired for this target already. A repeated report alone is no relapse; the container is, where
 * it is ill again: that is told at once, counts as the playbook's failure, and is looked at when the cooldown is over.
 * @param waited another incident was healing it just now: where it is well, that heal's verdict is this one's too
 */
async function coolingDown(
  incident: Incident,
  { name, actionType }: Playbook,
  place: Place,
  until: string,
  waited: boolean,
): Promise<Outcome> {
  const cooling = because('cooling_down', { until });
  const { host, container } = place;
  const again = { why: 'cooldown' as const, at: until };
  // What only tells people has told them: its report alone is nothing new.
  if (actionType === 'ALERT_ONLY' || actionType === 'SSH_CMD') return suppressed(cooling, until, false);
  if (actionType !== 'DOCKER_RESTART' || host === null || container === null)
    return suppressed(cooling, until, false, again);
  const seen = await lookAtPlace(place);
  const is = seen.kind === 'found' ? seen.judgement.is : null;
  const why = seen.kind === 'found' ? seen.judgement.why : seen.kind;
  if (is === 'well' && waited) return resolved(because('healed_meanwhile', { seen: why }));
  if (is !== 'ill') return suppressed(cooling, until, false, again);
  const relapse = because('relapsed', { playbook: name, seen: why, until });
  const forMin = Math.max(1, (Date.parse(until) - Date.now()) / 60_000);
  const { runId } = incident.state;
  const tell = await thinking.claimOnce({ id: toldIds.relapse(host, container), forMin, holder: runId });
  return relapsed(relapse, until, tell);
}

function refusal(answer: Exclude<GuardAnswer, { kind: 'granted' | 'lease_held' | 'cooling_down' }>): Outcome {
  switch (answer.kind) {
    case 'budget_spent': {
      const { scope, limit, windowMin } = answer;
      return escalated(because('budget_spent', { scope, limit, windowMin }));
    }
    case 'storm': {
      const { limit, windowMin } = answer;
      return escalated(because('storm', { limit, windowMin }));
    }
    case 'flapping': {
      const { limit, hours } = answer;
      return escalated(because('flapping', { limit, hours }));
    }
  }
}
