import { ActivityFailure, condition, isCancellation } from '@temporalio/workflow';
import type { Probed } from '../../activities/probe-cause.ts';
import { backoffMs, probeTimesMs } from '../../domain/incident/attempt.ts';
import type { Decision, Place } from '../../domain/incident/decide.ts';
import type { Probe } from '../../domain/container/probe.ts';
import { giveUp, retryNow } from '../../domain/incident/verdict.ts';
import { probing } from '../proxies.ts';
import { continueWaiting, isLong } from './carried-incident.ts';
import { confirmWithCaller } from './confirm-with-caller.ts';
import { passGuard } from './pass-guard.ts';
import type { HealRun, Outcome } from './run.ts';

type Waiting = Extract<Decision, { kind: 'wait' }>;

/** How far a wait has come: what a run needs to go on with one that an earlier run began. */
export interface WaitProgress {
  decision: Waiting;
  windowsMs: number[];
  /** Attempts that came before, of an action that turned out to be forbidden, keep their numbers. */
  attemptsBefore: number;
  /** Which of the windows it is in, since when, and how often the failure had been reported then. */
  at: number;
  begunMs: number;
  countBefore: number;
}

/** Rule 11: durable waits with backoff, probing meanwhile, so that a wait ends as soon as its cause is gone. */
export async function waitForCause(run: HealRun, decision: Waiting): Promise<Outcome> {
  const { playbook, place } = decision;
  const stopped = await passGuard(run, playbook, place, { sideEffect: false, peek: false });
  if (stopped !== null) return stopped;
  const windowsMs = Array.from({ length: playbook.maxRetries }, (_, at) =>
    backoffMs(playbook.actionParams, at + 1, Math.random()),
  );
  tellThatWaitBegins(run, decision, windowsMs);
  return goOnWaiting(run, { decision, windowsMs, attemptsBefore: run.attempts, ...windowBegins(run, 0) });
}

const windowBegins = (run: HealRun, at: number) => ({
  at,
  begunMs: Date.now(),
  countBefore: run.occurrences.count,
});

/** Waits from where the wait stands: at its beginning, or where the last run of this incident left it. */
export async function goOnWaiting(run: HealRun, from: WaitProgress): Promise<Outcome> {
  const { decision, windowsMs } = from;
  const { playbook } = decision;
  for (let progress = from; progress.at < windowsMs.length;) {
    const windowMs = windowsMs[progress.at] ?? 0;
    const { begunMs: startedAtMs } = progress;
    const attempt = progress.attemptsBefore + progress.at + 1;
    run.attempts = attempt;
    run.become('waiting', what(decision), new Date(startedAtMs + windowMs).toISOString());
    const end = await waitOnce(run, progress, windowMs);
    const ranThrough = end.gone && (await confirmWithCaller(run));
    const detail = end.gone && !ranThrough ? 'the cause looks gone, but the task failed again' : end.detail;
    run.log({
      attempt,
      actionType: 'WAIT_RETRY',
      command: null,
      result: ranThrough ? 'success' : 'failure',
      output: null,
      error: ranThrough ? null : detail,
      startedAtMs,
      steps: [{ step: 'wait', durationMs: Date.now() - startedAtMs, detail }],
    });
    if (ranThrough) {
      return {
        status: 'resolved',
        verdict: retryNow(detail),
        reason: detail,
        advice: {},
        output: null,
        tell: true,
      };
    }
    progress = { ...progress, ...windowBegins(run, progress.at + 1) };
  }
  const reason = `the cause was still there after ${playbook.maxRetries} wait(s)`;
  return {
    status: 'escalated',
    verdict: giveUp(reason),
    reason,
    advice: playbook.actionParams.advice ?? {},
    output: null,
    tell: true,
  };
}

function tellThatWaitBegins(run: HealRun, decision: Waiting, windowsMs: number[]): void {
  const totalMs = windowsMs.reduce((sum, ms) => sum + ms, 0);
  if (totalMs <= run.classified.settings.tellWaitsOverSec * 1000) return;
  const until = new Date(Date.now() + totalMs).toISOString();
  run.owed.notice(
    run.notice('waiting', { reason: `${decision.reason}; waiting for ${what(decision)}`, until }),
  );
}

/** One wait: until the probe says that the cause is gone, somebody tells so, or the time is over. */
async function waitOnce(
  run: HealRun,
  progress: WaitProgress,
  windowMs: number,
): Promise<{ gone: boolean; detail: string }> {
  const { begunMs, countBefore } = progress;
  const { probe, place } = progress.decision;
  const timesMs = probe === null ? [windowMs] : probeTimesMs(windowMs);
  let last = 'nothing to probe';
  for (const atMs of timesMs.filter((each) => each === windowMs || begunMs + each > Date.now())) {
    const pauseMs = Math.max(0, begunMs + atMs - Date.now());
    await condition(() => run.causeGone !== null || isLong(run), pauseMs, {
      summary: probe === null ? 'wait' : `until the next ${probe.kind} probe`,
    });
    if (run.causeGone === null && isLong(run)) await continueWaiting(run, { wait: progress });
    if (run.causeGone !== null)
      return { gone: true, detail: `${run.causeGone.by} tells: ${run.causeGone.detail}` };
    if (probe === null) continue;
    const probed = await look(run, probe, place);
    last = probed.detail;
    if (probed.gone) return { gone: true, detail: last };
  }
  if (probe !== null) return { gone: false, detail: last };
  // With nothing to probe, a quiet wait is the sign: the failing program would have reported again.
  const quiet = run.occurrences.count === countBefore;
  const seconds = Math.round(windowMs / 1000);
  return {
    gone: quiet,
    detail: quiet ? `no further report in ${seconds} s` : 'it was reported again meanwhile',
  };
}

/** A look that fails says nothing about the cause. */
async function look(run: HealRun, probe: Probe, { host, container }: Place): Promise<Probed> {
  const { facts } = run.classified.classification;
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
