import { sleep } from '@temporalio/workflow';
import type { RemoteOutcome } from '../../../activities/execute-ssh.ts';
import type { Sight } from '../../../activities/look-at-container.ts';
import { lookBeforeActing, restartHappened, type Look } from '../../../domain/container/adopt.ts';
import { mayBePassing } from '../../../domain/container/passing.ts';
import { waitForEngineSec, type EngineTrouble } from '../../../domain/container/engine-trouble.ts';
import type { Container } from '../../../domain/container/container.ts';
import type { Place } from '../../../domain/incident/decide.ts';
import { failedAt } from '../../../domain/incident/state.ts';
import { firing, notFired, type Attempt } from '../../../domain/incident/transitions.ts';
import type { Playbook } from '../../../domain/playbook/playbook.ts';
import { looking, watching } from '../../proxies.ts';
import type { Incident } from '../incident.ts';
import { countRefused } from '../measure.ts';
import { lookAtPlace, reportOf, runRemote } from './run-remote.ts';

export type AttemptResult =
  | { kind: 'well'; reason: string }
  | { kind: 'failed'; reason: string }
  | { kind: 'refused'; reason: string; wayForward: string }
  | Left
  | Unseen
  | Protected;

/** Docker there, or the host, could not be asked: nothing was sent, and nothing is known. No attempt. */
export interface Unseen {
  kind: 'unseen';
  trouble: EngineTrouble | null;
  /** How long it may be worth looking again. */
  waitSec: number;
  reason: string;
  advice: string;
}

/** It is not AutoHeal's to restart: it has finished, a person holds it, or nobody can tell what it is. */
export interface Left {
  kind: 'left';
  is: 'finished' | 'held' | 'unknown';
  reason: string;
  container: Container;
}

/** The host knows this container by a name or an image that is protected (ADR-013 A8). Nothing was sent. */
export interface Protected {
  kind: 'protected';
  rule: string;
  reason: string;
  wayForward: string;
}

/** What an attempt finds out on its way, for the heal log. */
type Log = Attempt & Required<Pick<Attempt, 'steps'>>;

/** Nothing is sent later than this after the intent; an outcome unknown for longer did not happen. */
const sendWithinMs = 30_000;
/** Docker's own work around a restart, beyond the container's time to stop. */
const restartTakesMs = 20_000;
/** How long nobody may be able to look before a restart that nobody saw counts as none. */
const longestBlindMs = waitForEngineSec.away * 1000;
/** How long a state that Docker also passes through has to last before it counts. */
const passingMs = 3000;

/**
 * One attempt: look, note the intent, act at most once, settle what is unknown by looking, watch until stable.
 * The intent (container id and StartedAt) is in the run's history before the command is sent, so that after any
 * crash the question "did it happen?" has an answer on the host.
 * @param glance a look that was taken already, a moment ago
 */
export async function attemptRestart(
  incident: Incident,
  playbook: Playbook,
  place: Place,
  attempt: number,
  glance: Sight | null,
): Promise<AttemptResult> {
  const host = place.host ?? '';
  const name = place.container ?? '';
  const log: Log = {
    attempt,
    actionType: 'DOCKER_RESTART',
    result: 'failure',
    startedAtMs: Date.now(),
    steps: [],
  };
  const seen = await settledSight(place, glance ?? (await lookAtPlace(place)));
  const result = await tryOnce(incident, playbook, { host, name, seen }, log);
  // Not an attempt: what becomes of it instead logs the refusal.
  if (result.kind === 'protected' || result.kind === 'unseen') return result;
  if (result.kind !== 'well') log.error = result.reason;
  if (result.kind === 'refused') log.result = 'refused';
  if (result.kind === 'left') log.result = 'skipped';
  incident.log(log);
  return result;
}

/** Looks twice at what may be the middle of somebody's restart. */
async function settledSight(place: Place, seen: Sight): Promise<Sight> {
  if (seen.kind !== 'found' || !mayBePassing(seen.container, seen.judgement)) return seen;
  await sleep(passingMs, { summary: `it is ${seen.container.status}: does that last?` });
  return lookAtPlace(place);
}

async function tryOnce(
  incident: Incident,
  playbook: Playbook,
  { host, name, seen }: { host: string; name: string; seen: Sight },
  log: Log,
): Promise<AttemptResult> {
  if (seen.kind === 'protected') return seen;
  if (seen.kind === 'refused') {
    log.steps.push({ step: 'look', durationMs: 0, detail: seen.reason });
    return { kind: 'refused', reason: seen.reason, wayForward: seen.wayForward };
  }
  if (seen.kind === 'unreachable') return { ...seen, kind: 'unseen' };
  const { container } = seen;
  const { state } = incident;
  const { errorType } = state.classified.classification;
  const look = lookBeforeActing(container, seen.judgement, errorType, failedAt(state), state.mayRestartWell);
  log.steps.push({ step: 'look', durationMs: seen.durationMs, detail: look.reason });
  switch (look.kind) {
    case 'leave':
      return { kind: 'left', is: look.is, reason: look.reason, container };
    case 'adopt':
    case 'await_start':
      return watchFirst(incident, playbook, { host, name, container, look }, log);
    case 'act':
      return actAndWatch(incident, playbook, { host, name, container }, log);
  }
}

/** It looks as if the fault were gone, or it is starting: watched, and acted on only where it turns out ill after all. */
async function watchFirst(
  incident: Incident,
  playbook: Playbook,
  { host, name, container, look }: { host: string; name: string; container: Container; look: Look },
  log: Log,
): Promise<AttemptResult> {
  incident.note(look.kind === 'adopt' ? `adopted: ${look.reason}` : `not restarted: ${look.reason}`);
  const untouched = { host, name, before: container, acted: false, result: 'skipped' as const };
  const watched = await watch(incident, playbook, untouched, log);
  if (watched.kind !== 'failed') return watched;
  incident.note(`watched, and not well: ${watched.reason}`);
  const place = { host, container: name, target: name };
  const seen = await settledSight(place, await lookAtPlace(place));
  if (seen.kind === 'found' && seen.judgement.is === 'ill')
    return actAndWatch(incident, playbook, { host, name, container: seen.container }, log);
  return watched;
}

async function actAndWatch(
  incident: Incident,
  playbook: Playbook,
  { host, name, container }: { host: string; name: string; container: Container },
  log: Log,
): Promise<AttemptResult> {
  const { stopTimeoutSec } = playbook.actionParams;
  const done = await act(incident, { host, name, container, stopTimeoutSec }, log);
  if (done.kind === 'refused') {
    const { rule, reason, wayForward } = done;
    countRefused(rule);
    return { kind: rule.startsWith('protected') ? 'protected' : 'refused', rule, reason, wayForward };
  }
  if (done.kind === 'unseen') return done;
  if (done.kind === 'failed') {
    // What ran before may be down now.
    const now = await lookAtPlace({ host, container: container.id, target: name });
    const how = now.kind === 'found' ? `; now ${now.judgement.why}` : '';
    return { kind: 'failed', reason: `${done.reason}${how}. ${done.advice}` };
  }
  if (done.kind === 'unknown' && !(await settle(incident, { host, name, container, stopTimeoutSec }, log))) {
    log.result = 'unknown';
    return { kind: 'failed', reason: `${done.reason}; the container was not restarted` };
  }
  const result = done.kind === 'overtaken' ? 'skipped' : 'success';
  return watch(incident, playbook, { host, name, before: container, acted: true, result }, log);
}

/** A restart of this very container, as it was when the intent was noted. */
interface Intent {
  host: string;
  name: string;
  container: Container;
  stopTimeoutSec: number;
}

async function act(incident: Incident, intent: Intent, log: Log): Promise<RemoteOutcome> {
  const begunMs = Date.now();
  log.command = `docker restart -t ${intent.stopTimeoutSec} ${intent.container.id}`;
  incident.apply(firing);
  const outcome = await once(intent);
  if (outcome.kind === 'refused' || outcome.kind === 'overtaken' || outcome.kind === 'unseen')
    incident.apply(notFired);
  const detail = 'reason' in outcome ? outcome.reason : outcome.command;
  log.steps.push({ step: 'act', durationMs: Date.now() - begunMs, detail });
  log.output = reportOf(outcome).output;
  return outcome;
}

function once({ host, name, container, stopTimeoutSec }: Intent): Promise<RemoteOutcome> {
  return runRemote(
    {
      kind: 'restart',
      host,
      container: name,
      containerId: container.id,
      intentStartedAt: container.startedAt,
      stopTimeoutSec,
      notAfter: new Date(Date.now() + sendWithinMs).toISOString(),
    },
    {
      summary: `docker restart ${name} on ${host}`,
      startToCloseTimeout: sendWithinMs + stopTimeoutSec * 1000 + restartTakesMs * 2,
    },
  );
}

/** Looks until the restart shows, or until none that was sent in time can still show. */
async function settle(
  incident: Incident,
  { host, container, stopTimeoutSec }: Intent,
  log: Log,
): Promise<boolean> {
  const begunMs = Date.now();
  const settleForMs = sendWithinMs + stopTimeoutSec * 1000 + restartTakesMs;
  incident.note('the outcome is unknown: looking at the container instead of acting again');
  let blindMs = 0;
  for (let pauseMs = 500; ; pauseMs = Math.min(5000, pauseMs * 2)) {
    const lookedMs = Date.now();
    const seen = await looking.lookAtContainer.executeWithOptions(
      { summary: `did the restart of ${container.name} happen?` },
      [{ host, container: container.id }],
    );
    const happened = seen.kind === 'found' && restartHappened(container.startedAt, seen.container);
    const elapsedMs = Date.now() - begunMs;
    if (happened || elapsedMs - blindMs > settleForMs) {
      const detail = happened
        ? 'it was restarted: adopted'
        : `not restarted within ${Math.round(elapsedMs / 1000)} s`;
      log.steps.push({ step: 'settle', durationMs: elapsedMs, detail });
      return happened;
    }
    await sleep(pauseMs, { summary: 'settling an unknown outcome' });
    // An engine that went away with the command can be asked only when it is back.
    if (seen.kind === 'unreachable') blindMs = Math.min(longestBlindMs, blindMs + Date.now() - lookedMs);
  }
}

async function watch(
  incident: Incident,
  playbook: Playbook,
  watched: { host: string; name: string; before: Container; acted: boolean; result: 'success' | 'skipped' },
  log: Log,
): Promise<AttemptResult> {
  const { host, name, before, acted, result } = watched;
  const { stableForSec, verifyTimeoutSec: timeoutSec } = playbook.actionParams;
  incident.become('verifying', `stable for ${stableForSec} s`);
  const verified = await watching.verify.executeWithOptions({ summary: `watch it for ${stableForSec} s` }, [
    { host, containerId: before.id, name, stableForSec, timeoutSec, before, acted },
  ]);
  const { ok, reason, durationMs } = verified;
  log.steps.push({ step: 'verify', durationMs, detail: reason });
  log.result = ok ? result : 'failure';
  if (ok) return { kind: 'well', reason };
  const { is } = verified;
  if (is === 'finished' || is === 'held' || is === 'unknown') {
    return { kind: 'left', is, reason, container: before };
  }
  return { kind: 'failed', reason };
}
