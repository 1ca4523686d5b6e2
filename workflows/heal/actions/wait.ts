import { ActivityFailure, condition, isCancellation } from '@temporalio/workflow';
import type { Probed } from '../../../activities/probe-cause.ts';
import { backoffMs, probeTimesMs } from '../../../domain/incident/attempt.ts';
import type { Place } from '../../../domain/incident/decide.ts';
import { escalated, resolved, type Outcome } from '../../../domain/incident/outcome.ts';
import type { Waiting, WaitProgress } from '../../../domain/incident/state.ts';
import { attemptBegun, waits } from '../../../domain/incident/transitions.ts';
import type { Probe } from '../../../domain/container/probe.ts';
import { probing } from '../../proxies.ts';
import { continueIncident, isLong } from '../continue-as-new.ts';
import { passGuard } from '../guard.ts';
import type { Incident } from '../incident.ts';
import { confirmWithCaller } from '../waiters.ts';

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
  for (let progress = from; progress.at < windowsMs.length;) {
    const windowMs = windowsMs[progress.at] ?? 0;
    const { begunMs: startedAtMs } = progress;
    const attempt = progress.attemptsBefore + progress.at + 1;
    const wait = progress;
    incident.apply((now) => waits(attemptBegun(now, attempt), wait));
    incident.become('waiting', what(decision), new Date(startedAtMs + windowMs).toISOString());
    const end = await waitOnce(incident, progress, windowMs);
    const ranThrough = end.gone && (await confirmWithCaller(incident));
    const detail = end.gone && !ranThrough ? 'the cause looks gone, but the task failed again' : end.detail;
    incident.log({
      attempt,
      actionType: 'WAIT_RETRY',
      result: ranThrough ? 'success' : 'failure',
      error: ranThrough ? null : detail,
      startedAtMs,
      steps: [{ step: 'wait', durationMs: Date.now() - startedAtMs, detail }],
    });
    if (ranThrough) return resolved(detail);
    progress = { ...progress, ...windowBegins(incident, progress.at + 1) };
  }
  return escalated(`the cause was still there after ${decision.playbook.maxRetries} wait(s)`);
}

function tellThatWaitBegins(incident: Incident, decision: Waiting, windowsMs: number[]): void {
  const totalMs = windowsMs.reduce((sum, ms) => sum + ms, 0);
  if (totalMs <= incident.state.classified.settings.tellWaitsOverSec * 1000) return;
  const until = new Date(Date.now() + totalMs).toISOString();
  incident.tell('waiting', { reason: `${decision.reason}; waiting for ${what(decision)}`, until });
}

/** One wait: until the probe says that the cause is gone, somebody tells so, or the time is over. */
async function waitOnce(
  incident: Incident,
  { begunMs, countBefore, decision }: WaitProgress,
  windowMs: number,
): Promise<{ gone: boolean; detail: string }> {
  const { probe, place } = decision;
  const causeGone = () => incident.state.causeGone;
  const timesMs = probe === null ? [windowMs] : probeTimesMs(windowMs);
  let last = 'nothing to probe';
  for (const atMs of timesMs.filter((each) => each === windowMs || begunMs + each > Date.now())) {
    const pauseMs = Math.max(0, begunMs + atMs - Date.now());
    await condition(() => causeGone() !== null || isLong(incident), pauseMs, {
      summary: probe === null ? 'wait' : `until the next ${probe.kind} probe`,
    });
    const told = causeGone();
    if (told !== null) return { gone: true, detail: `${told.by} tells: ${told.detail}` };
    if (isLong(incident)) await continueIncident(incident);
    if (probe === null) continue;
    const probed = await look(incident, probe, place);
    last = probed.detail;
    if (probed.gone) return { gone: true, detail: last };
  }
  if (probe !== null) return { gone: false, detail: last };
  // With nothing to probe, a quiet wait is the sign: the failing program would have reported again.
  const quiet = incident.state.counted.count === countBefore;
  const seconds = Math.round(windowMs / 1000);
  return {
    gone: quiet,
    detail: quiet ? `no further report in ${seconds} s` : 'it was reported again meanwhile',
  };
}

/** A look that fails says nothing about the cause. */
async function look(incident: Incident, probe: Probe, { host, container }: Place): Promise<Probed> {
  const { facts } = incident.state.classified.classification;
  const summary = `is the cause gone? (${probe.kind})`;
  try {
    return await probing.probeCause.executeWithOptions({ summary }, [{ probe, host, container, facts }]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    return { gone: false, detail: `the look itself failed (${error.cause?.message ?? ''})`, durationMs: 0 };
  }
}

function what({ probe, place }: Waiting): string {
  switch (probe?.kind) {
    case undefined:
      return 'the cause to pass';
    case 'resolve':
      return 'the name to resolve';
    case 'database':
      return 'the database to accept connections';
    case 'port':
      return 'the port to open';
    case 'http':
      return 'the service to answer';
    case 'container':
      return `${place.container ?? 'the container'} to be well`;
  }
}
