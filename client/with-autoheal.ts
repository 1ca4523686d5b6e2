import { setTimeout as sleep } from 'node:timers/promises';
import { giveUp, type Verdict } from '../domain/incident/verdict.ts';
import type { HandedOver } from './delivery/deliver-or-spool.ts';
import { takenInWords, type RetryLease } from './delivery/retry-lease.ts';
import type { FailureContext } from './delivery/report-from-error.ts';

export interface WithAutoHealOptions extends Omit<
  FailureContext,
  'task' | 'reportId' | 'occurredAt' | 'dryRun'
> {
  /** How often the task may run, the first run included; default 3. 1: it isn't safe to run twice. */
  maxRuns?: number;
  /** How long to wait for a verdict after a failure, in ms; default 30 minutes. */
  waitForVerdictMs?: number;
  /** The longest pause that `retry_at` may ask for, in ms; default 1 hour. */
  maxPauseMs?: number;
  /** Told after each failure what became of its report: which incident it is, and the verdict. */
  onReported?: (handed: HandedOver) => void;
}

/** Reports a failure and waits for the verdict. Never throws. */
export type Report = (
  error: unknown,
  context: FailureContext,
  waitForVerdictMs: number,
) => Promise<HandedOver>;

/** Asks for the right to run the task again: one program has it at a recovery. Never throws. */
export type AskToRunAgain = (handed: HandedOver) => Promise<RetryLease>;

/**
 * Runs a task; when it fails, reports it and does as AutoHeal's verdict says: run again now, run again later, or
 * give up. What the task's last run threw comes through unchanged, also when AutoHeal is away.
 * @param run gets the number of the run, from 1
 */
export async function runWithAutoHeal<T>(
  { report, askToRunAgain }: { report: Report; askToRunAgain: AskToRunAgain },
  task: string,
  run: (attempt: number) => Promise<T> | T,
  options: WithAutoHealOptions = {},
): Promise<T> {
  const {
    maxRuns = 3,
    waitForVerdictMs = 30 * 60_000,
    maxPauseMs = 3_600_000,
    onReported,
    ...context
  } = options;
  let lease: RetryLease | null = null;
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run(attempt);
      } catch (error) {
        const last = attempt >= maxRuns;
        const handed = await report(error, { ...context, task }, last ? 0 : waitForVerdictMs);
        const pauseMs = last ? null : pauseBeforeRetry(handed.verdict, maxPauseMs);
        if (pauseMs !== null) {
          await sleep(pauseMs);
          lease ??= await askToRunAgain(handed);
        }
        const taken = lease?.kind === 'taken' ? { verdict: giveUp(takenInWords(task, lease.holder)) } : {};
        onReported?.({ ...handed, ...taken });
        if (pauseMs === null || lease?.kind === 'taken') throw error;
      }
    }
  } finally {
    if (lease?.kind === 'ours') await lease.release();
  }
}

/** How long to wait before the next run, in ms; null: there is none. */
export function pauseBeforeRetry(
  verdict: Verdict | undefined,
  maxPauseMs: number,
  nowMs = Date.now(),
): number | null {
  if (verdict?.kind === 'retry_now') return 0;
  if (verdict?.kind !== 'retry_at' || verdict.at === null) return null;
  const pauseMs = Math.max(0, Date.parse(verdict.at) - nowMs);
  return pauseMs <= maxPauseMs ? pauseMs : null;
}
