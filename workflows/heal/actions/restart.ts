import { condition } from '@temporalio/workflow';
import type { Sight } from '../../../activities/look-at-container.ts';
import { lookBeforeActing } from '../../../domain/container/adopt.ts';
import { backoffMs } from '../../../domain/incident/attempt.ts';
import type { Decision } from '../../../domain/incident/decide.ts';
import { escalated, refused, resolved, type Outcome } from '../../../domain/incident/outcome.ts';
import { failedAt, isRequested, type IncidentState } from '../../../domain/incident/state.ts';
import { attemptBegun, downgraded, holding, notDone } from '../../../domain/incident/transitions.ts';
import { releasing } from '../../proxies.ts';
import { passGuard, PauseWatch, type Passage } from '../guard.ts';
import type { Incident } from '../incident.ts';
import { confirmWithCaller } from '../waiters.ts';
import { awaitApproval } from './approval.ts';
import { leave } from './leave.ts';
import type { Protected } from './restart-attempt.ts';
import { lookAtPlace } from './run-remote.ts';
import { attemptWhenSeen, neverSeen } from './see-first.ts';
import { waitForCause } from './wait.ts';
import { because } from '../../../domain/message/reasons.ts';

type Restart = Extract<Decision, { kind: 'restart' }>;

/** Rule 12 for DOCKER_RESTART: look, act, verify; the next attempt after backoff; escalated when attempts are spent. */
export async function restart(incident: Incident, decision: Restart): Promise<Outcome> {
  const { playbook, place } = decision;
  const pauses = new PauseWatch(incident, place);
  const denied = await seekApproval(incident, decision);
  if (denied !== null) return denied;
  let passage = await pass(incident, decision, 1);
  if (passage.stopped !== null) return passage.stopped;

  for (let attempt = 1; attempt <= playbook.maxRetries; attempt++) {
    const paused = await pauses.stops();
    if (paused !== null) return paused;
    if (attempt > 1) passage = await pass(incident, decision, attempt);
    if (passage.stopped !== null) return passage.stopped;
    incident.apply((now) => attemptBegun(now, attempt));
    incident.become('acting');
    const seeing = { glance: passage.sight, pauses };
    const result = await attemptWhenSeen(incident, playbook, place, attempt, seeing);
    if (result.kind === 'paused') return result.outcome;
    if (result.kind === 'unseen') {
      incident.apply((now) => attemptBegun(now, attempt - 1));
      return neverSeen(incident, result);
    }
    if (result.kind === 'protected') {
      incident.apply((now) => attemptBegun(now, attempt - 1));
      return avoid(incident, decision, result);
    }
    if (result.kind === 'left') return leave(incident, result);
    if (result.kind === 'refused') return refused(result.reason, result.wayForward);
    if (result.kind === 'well' && (await confirmWithCaller(incident)) !== 'failed_again')
      return resolved(result.reason);
    if (attempt < playbook.maxRetries) await pauseBefore(incident, decision, attempt + 1);
  }
  return escalated(because('restarts_spent', { attempts: playbook.maxRetries, playbook: playbook.name }));
}

function pass(incident: Incident, { playbook, place }: Restart, attempt: number): Promise<Passage> {
  const { host, container } = place;
  const look = host === null || container === null ? {} : { look: { host, container } };
  return passGuard(incident, playbook, place, { sideEffect: true, attempt, ...look });
}

async function pauseBefore(incident: Incident, { playbook, place }: Restart, attempt: number): Promise<void> {
  const waitMs = backoffMs(playbook.actionParams, attempt - 1, Math.random());
  const until = new Date(Date.now() + waitMs).toISOString();
  incident.become('waiting', `attempt ${attempt} on ${place.target ?? ''}`, until);
  const summary = `backoff before attempt ${attempt}`;
  await condition(() => incident.state.causeGone !== null, waitMs, { summary });
}

/**
 * Rule 9 for a restart. A person is asked where the playbook wants it, and where a program asks for the restart of
 * a container that is well: nothing that can be seen bears out such a request, and a model's word is not enough
 * (ADR-013 A13). One whose container is visibly ill goes the way of every other restart.
 * @returns null when the restart may go on
 */
async function seekApproval(incident: Incident, decision: Restart): Promise<Outcome | null> {
  const { playbook, place } = decision;
  if (!playbook.requiresApproval && !isRequested(incident.state)) return null;
  // Nobody is asked for what can't be done.
  const { stopped } = await passGuard(incident, playbook, place, { sideEffect: true, peek: true });
  if (stopped !== null) return stopped;
  const seen = await lookAtPlace(place);
  if (seen.kind === 'protected') return avoid(incident, decision, seen);
  if (seen.kind === 'refused') return refuse(incident, seen);
  const { is } = seen.kind === 'found' ? seen.judgement : { is: null };
  if (seen.kind === 'found' && (is === 'held' || is === 'finished' || is === 'unknown'))
    return leave(incident, { kind: 'left', is, reason: seen.judgement.why, container: seen.container });
  if (!playbook.requiresApproval && !isUnfounded(incident.state, seen)) return null;
  const no = await awaitApproval(incident, playbook, place, seen);
  incident.apply((now) => ({ ...now, mayRestartWell: no === null }));
  return no;
}

/** Whether the container is well, and was so all the time, as far as can be seen. */
function isUnfounded(state: IncidentState, seen: Sight): boolean {
  if (seen.kind !== 'found' || seen.judgement.is !== 'well') return false;
  const { errorType } = state.classified.classification;
  return lookBeforeActing(seen.container, seen.judgement, errorType, failedAt(state)).kind === 'act';
}

/** What only the host could tell is protected: a playbook's own choice is downgraded, a request is refused. */
async function avoid(incident: Incident, decision: Restart, seen: Protected): Promise<Outcome> {
  return isRequested(incident.state) ? refuse(incident, seen) : downgrade(incident, decision, seen);
}

/** Refused before anything was tried, with the refusal in the heal log. */
function refuse(incident: Incident, { reason, wayForward }: { reason: string; wayForward: string }): Outcome {
  const error = `${reason}. ${wayForward}`;
  incident.apply((now) => notDone(now, 'refused', error, Date.now()));
  return refused(reason, wayForward);
}

/**
 * Rule 5 for what only the host could tell: the container goes by a harmless name and is protected all the same, by
 * an alias, a label, its id or its image. The restart becomes a wait until it is well (ADR-013 A9).
 */
async function downgrade(
  incident: Incident,
  { playbook, place }: Restart,
  { rule, reason, wayForward }: Protected,
): Promise<Outcome> {
  const refusal = { rule, reason, wayForward, became: 'WAIT_RETRY' as const };
  // Nothing will be done to the target, so nobody has to wait for it, and it counts towards no budget.
  const holds = incident.state.holds.filter(({ kind }) => kind !== 'cooldown');
  incident.apply((now) =>
    holding(
      downgraded(now, refusal, Date.now()),
      now.holds.filter(({ kind }) => kind === 'cooldown'),
    ),
  );
  if (holds.length > 0) await releasing.releaseHolds({ holds, reason: 'the container is protected' });
  return waitForCause(incident, {
    kind: 'wait',
    rule: 5,
    playbook,
    place,
    probe: { kind: 'container' },
    command: '',
    reason: `${reason}; downgraded to WAIT_RETRY`,
    refused: refusal,
  });
}
