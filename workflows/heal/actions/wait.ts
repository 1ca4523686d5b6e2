import { ActivityFailure, condition, isCancellation } from '@temporalio/workflow';
import type { Probed } from '../../../activities/probe-cause.ts';
import { backoffMs, probeTimesMs } from '../../../domain/incident/attempt.ts';
import type { Place } from '../../../domain/incident/decide.ts';
import { escalated, resolved, unproven, type Outcome } from '../../../domain/incident/outcome.ts';
import type { Waiting, WaitProgress } from '../../../domain/incident/state.ts';
import { attemptBegun, waits } from '../../../domain/incident/transitions.ts';
import type { Probe } from '../../../domain/container/probe.ts';
import { probing } from '../../proxies.ts';
import { continueIncident, isLong } from '../continue-as-new.ts';
import { passGuard } from '../guard.ts';
import type { Incident } from '../incident.ts';
import { confirmWithCaller } from '../waiters.ts';
import { awaitedIn, because, inWords, type Reason } from '../../../domain/message/reasons.ts';

/** Rule 11: durable waits with backoff, probing meanwhile, so that a wait ends as soon as its cause is gone. */
export async function waitForCause(incident: Incident, decision: Waiting): Promise<Outcome> {
  const { playbook, place } = decision;
  const { stopped } = await passGuard(incident, playbook, place);
  if (stopped !== null) return stopped;
  const windowsMs = Array.from({ length: playbook.maxRetries }, (_, at) =>
    backoffMs(playbook.actionParams, at + 1, Math.random()),
  );
  tellThatWaitBegins(incident, decision, windowsMs);
  const attemptsBefore = incident.state.attempts;
  return goOnWaiting(incident, { decision, windowsMs, attemptsBefore, ...windowBegins(incident, 0) });
}

const windowBegins = ({ state }: Incident, at: number) => ({
  at,
  begunMs: Date.now(),
  countBefore: state.counted.count,
});

/** Waits from where the wait stands: at its beginning, or where the last run of this incident left it. */
export async function goOnWaiting(incident: Incident, from: WaitProgress): Promise<Outcome> {
  const { decision, windowsMs } = from;
  let last: WaitEnd | null = null;
  for (let progress = from; progress.at < windowsMs.length;) {
    const windowMs = windowsMs[progress.at] ?? 0;
    const { begunMs: startedAtMs } = progress;
    const attempt = progress.attemptsBefore + progress.at + 1;
    const wait = progress;
    incident.apply((now) => waits(attemptBegun(now, attempt), wait));
    incident.become('waiting', what(decision), new Date(startedAtMs + windowMs).toISOString());
    const end = await waitOnce(incident, progress, windowMs);
    const asked = end.kind === 'gone' || end.kind === 'unproven' ? await confirmWithCaller(incident) : null;
    last = asked === 'failed_again' ? { ...end, kind: 'failed_again' } : end;
    const isOver = asked !== null && asked !== 'failed_again';
    const isProven = isOver && (end.kind === 'gone' || asked === 'ran_through');
    const detail = describeEnd(last, asked === 'ran_through');
    incident.log({
      attempt,
      actionType: 'WAIT_RETRY',
      result: isProven ? 'success' : isOver ? 'unknown' : 'failure',
      error: isProven ? null : detail,
      startedAtMs,
      steps: [{ step: 'wait', durationMs: Date.now() - startedAtMs, detail }],
    });
    if (isOver) return isProven ? resolved(detail) : unproven(detail);
    progress = { ...progress, ...windowBegins(incident, progress.at + 1) };
  }
  return escalated(spent(last, decision.playbook.maxRetries));
}

/** How one wait ended, by what was seen. `unproven`: nothing could be looked at, and it was quiet meanwhile. */
interface WaitEnd {
  kind: 'gone' | 'there' | 'unproven' | 'reported_again' | 'failed_again';
  detail: string;
}

function describeEnd({ kind, detail }: WaitEnd, ranThrough: boolean): string {
  if (kind === 'failed_again') return `the task failed again after the wait (${detail})`;
  if (kind !== 'unproven') return detail;
  if (ranThrough) return `the failed task ran through (${detail})`;
  return `the wait is over, and nothing showed whether the cause is gone: ${detail}`;
}

/** Attempts are spent: says "still there" only of what a look has seen. */
function spent(last: WaitEnd | null, waits: number): Reason {
  switch (last?.kind) {
    case 'there':
      return because('still_there', { waits, seen: last.detail });
    case 'failed_again':
      return because('failed_again_each_time', { waits });
    default:
      return because('still_reported', { waits, seen: last?.detail ?? '' });
  }
}

function tellThatWaitBegins(incident: Incident, decision: Waiting, windowsMs: number[]): void {
  const totalMs = windowsMs.reduce((sum, ms) => sum + ms, 0);
  if (totalMs <= incident.state.classified.settings.tellWaitsOverSec * 1000) return;
  const until = new Date(Date.now() + totalMs).toISOString();
  const { probe, place, reason } = decision;
  const facts = { probe: probe?.kind ?? 'none', container: place.container ?? '', because: reason };
  incident.tell('waiting', { ...inWords(because('waiting_for', facts)), until });
}

/** One wait: until the probe says that the cause is gone, somebody tells so, or the time is over. */
async function waitOnce(
  incident: Incident,
  { begunMs, countBefore, decision }: WaitProgress,
  windowMs: number,
): Promise<WaitEnd> {
  const { probe, place } = decision;
  const causeGone = () => incident.state.causeGone;
  const timesMs = probe === null ? [windowMs] : probeTimesMs(windowMs);
  let last: Pick<Probed, 'seen' | 'detail'> = { seen: 'unknown', detail: 'nothing to probe' };
  for (const atMs of timesMs.filter((each) => each === windowMs || begunMs + each > Date.now())) {
    const pauseMs = Math.max(0, begunMs + atMs - Date.now());
    await condition(() => causeGone() !== null || isLong(incident), pauseMs, {
      summary: probe === null ? 'wait' : `until the next ${probe.kind} probe`,
    });
    const told = causeGone();
    if (told !== null) return { kind: 'gone', detail: `${told.by} tells: ${told.detail}` };
    if (isLong(incident)) await continueIncident(incident);
    if (probe === null) continue;
    last = await look(incident, probe, place);
    if (last.seen === 'gone') return { kind: 'gone', detail: last.detail };
  }
  if (last.seen === 'there') return { kind: 'there', detail: last.detail };
  // With nothing to look at, a quiet wait is a sign, but no proof: the failing program might have reported again.
  const quiet = incident.state.counted.count === countBefore;
  const seconds = Math.round(windowMs / 1000);
  if (quiet) return { kind: 'unproven', detail: `${last.detail}; no further report in ${seconds} s` };
  return { kind: 'reported_again', detail: `${last.detail}; it was reported again meanwhile` };
}

/** A look that fails says nothing about the cause. */
async function look(incident: Incident, probe: Probe, { host, container }: Place): Promise<Probed> {
  const { facts, errorType } = incident.state.classified.classification;
  const summary = `is the cause gone? (${probe.kind})`;
  try {
    return await probing.probeCause.executeWithOptions({ summary }, [
      { probe, host, container, facts, errorType },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const detail = `the look itself failed (${error.cause?.message ?? ''})`;
    return { seen: 'unknown', detail, durationMs: 0 };
  }
}

function what({ probe, place }: Waiting): string {
  return awaitedIn('en', probe?.kind ?? 'none', place.container ?? '');
}
