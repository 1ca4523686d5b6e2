import { sleep } from '@temporalio/workflow';
import type { Sight } from '../../../activities/look-at-container.ts';
import { adviceForEngine } from '../../../domain/container/engine-trouble.ts';
import type { Place } from '../../../domain/incident/decide.ts';
import { escalated, type Outcome } from '../../../domain/incident/outcome.ts';
import { holding } from '../../../domain/incident/transitions.ts';
import type { Playbook } from '../../../domain/playbook/playbook.ts';
import { releasing } from '../../proxies.ts';
import type { PauseWatch } from '../guard.ts';
import type { Incident } from '../incident.ts';
import { attemptRestart, type AttemptResult, type Unseen } from './restart-attempt.ts';
import { lookAtPlace } from './run-remote.ts';

/** From here on people hear of the wait; before, the look mostly succeeds. */
const tellAfterMs = 20_000;

/**
 * One attempt, once there is something to see. An engine that is away, hangs or denies, or a host that can't be
 * reached, costs no attempt: it is looked at again, for a bounded time, and nothing is done meanwhile.
 * @param glance a look that was taken already, a moment ago
 */
export async function attemptWhenSeen(
  incident: Incident,
  playbook: Playbook,
  place: Place,
  attempt: number,
  { glance, pauses }: { glance: Sight | null; pauses: PauseWatch },
): Promise<AttemptResult | { kind: 'paused'; outcome: Outcome }> {
  const begunMs = Date.now();
  let told = false;
  let sight = glance;
  for (let pauseMs = 1000; ; pauseMs = Math.min(15_000, pauseMs * 2)) {
    sight ??= await lookAtPlace(place);
    const result: AttemptResult =
      sight.kind === 'unreachable'
        ? { ...sight, kind: 'unseen' }
        : await attemptRestart(incident, playbook, place, attempt, sight);
    if (result.kind !== 'unseen') return result;
    const limitMs = 1000 * result.waitSec;
    const elapsedMs = Date.now() - begunMs;
    if (elapsedMs >= limitMs) return result;
    const until = new Date(begunMs + limitMs).toISOString();
    if (incident.state.status !== 'waiting') {
      incident.note(`nothing could be seen, so nothing was tried: ${result.reason}`);
      incident.become('waiting', `an answer: ${result.reason}`, until);
    }
    if (!told && elapsedMs >= tellAfterMs) {
      told = true;
      incident.tell('waiting', { reason: `${result.reason}; nothing is tried until it answers`, until });
    }
    await sleep(Math.min(pauseMs, limitMs - elapsedMs), { summary: 'until the next look' });
    const paused = await pauses.stops();
    if (paused !== null) return { kind: 'paused', outcome: paused };
    sight = null;
  }
}

/** Nothing was tried, and a person has to make it possible again. What did not fire does not cool down either. */
export async function neverSeen(incident: Incident, { trouble, reason, advice }: Unseen): Promise<Outcome> {
  const { holds, fired } = incident.state;
  if (!fired && holds.length > 0) {
    incident.apply((now) => holding(now, []));
    await releasing.releaseHolds({ holds: [...holds], reason: `nothing was tried: ${reason}` });
  }
  return escalated(`nothing was tried, and how it stands is not known: ${reason}`, {
    advice: trouble === null ? { en: advice } : adviceForEngine[trouble],
  });
}
