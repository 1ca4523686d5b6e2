import { setTimeout as sleep } from 'node:timers/promises';
import {
  WorkflowContinuedAsNewError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { HealResult } from '../../domain/incident/verdict.ts';
import { recordedActionSchema } from '../../domain/vocabulary/schema.ts';
import { statusQuery, type HealStatus } from '../../workflows/messages.ts';
import { DeliveryProblem } from './delivery-problem.ts';

export interface VerdictWait {
  client: Client;
  workflowId: string;
  runId: string;
  /** The longest wait, in ms. */
  waitMs: number;
  /** Told how the incident stands each time it was asked. */
  onStatus?: (status: HealStatus) => void;
}

const firstPollMs = 250;
const slowestPollMs = 2000;
const callTimeoutMs = 5000;

type Answer =
  { kind: 'result'; result: HealResult } | { kind: 'continued'; runId: string } | { kind: 'time_out' };

/**
 * Waits for the verdict on a report. It is taken as soon as it is known, which may be long before the run ends: an
 * incident stays open while it owes records. Temporal and the worker may be away meanwhile.
 * @returns null when there is no verdict in time
 * @throws DeliveryProblem `INCIDENT_ENDED` when the run was ended by hand or failed
 */
export async function waitForVerdict(wait: VerdictWait): Promise<HealResult | null> {
  const untilMs = Date.now() + wait.waitMs;
  for (let { runId } = wait; ;) {
    const answer = await verdictOfRun({ ...wait, runId }, untilMs);
    if (answer.kind === 'result') return answer.result;
    if (answer.kind === 'time_out') return null;
    ({ runId } = answer);
  }
}

async function verdictOfRun(wait: VerdictWait, untilMs: number): Promise<Answer> {
  const stop = new AbortController();
  const timeIsUp = sleep(
    Math.max(0, untilMs - Date.now()),
    { kind: 'time_out' as const },
    { signal: stop.signal },
  );
  try {
    return await Promise.race([untilClosed(wait, stop.signal), untilKnown(wait, stop.signal), timeIsUp]);
  } finally {
    stop.abort();
    timeIsUp.catch(() => undefined);
  }
}

/** Follows the run to its end. Never settles once stopped. */
async function untilClosed({ client, workflowId, runId }: VerdictWait, signal: AbortSignal): Promise<Answer> {
  const handle = client.workflow.getHandle<() => Promise<HealResult>>(workflowId, runId, {
    followRuns: false,
  });
  for (;;) {
    try {
      const result = await client.withAbortSignal(signal, () => handle.result());
      return { kind: 'result', result };
    } catch (error) {
      if (signal.aborted) return never();
      if (error instanceof WorkflowContinuedAsNewError)
        return { kind: 'continued', runId: error.newExecutionRunId };
      if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError)
        throw ended(workflowId, error);
      // Temporal is away: the incident is not, so neither is the wait.
      await pause(slowestPollMs, signal);
    }
  }
}

/** Asks the run until it knows. Never settles once stopped. */
async function untilKnown(wait: VerdictWait, signal: AbortSignal): Promise<Answer> {
  const { client, workflowId, runId } = wait;
  const handle = client.workflow.getHandle(workflowId, runId);
  const call = <T>(ask: () => Promise<T>) => client.withDeadline(Date.now() + callTimeoutMs, ask);
  for (let pauseMs = firstPollMs; !signal.aborted; pauseMs = Math.min(pauseMs * 1.5, slowestPollMs)) {
    await pause(pauseMs, signal);
    if (signal.aborted) break;
    try {
      const status = await call(() => handle.query(statusQuery));
      if (signal.aborted) break;
      wait.onStatus?.(status);
      if (status.verdict === null) continue;
      const { status: run, startTime } = await call(() => handle.describe());
      // A run that was settled before this report came goes on as the report's own incident.
      if (run.name === 'CONTINUED_AS_NEW') break;
      return { kind: 'result', result: resultOf(status, status.verdict, startTime) };
    } catch {
      // No worker to answer, or Temporal is away: asked again.
    }
  }
  return never();
}

function resultOf(status: HealStatus, verdict: HealResult['verdict'], startTime: Date): HealResult {
  const { incidentId, playbook, attempts, occurrences, steps } = status;
  const actionType = recordedActionSchema.nullable().catch(null).parse(status.actionType);
  const durationMs = Math.max(0, Date.now() - startTime.getTime());
  return {
    incidentId,
    status: status.status,
    playbook,
    actionType,
    attempts,
    durationMs,
    verdict,
    occurrences,
    steps,
  };
}

function ended(workflowId: string, error: Error): DeliveryProblem {
  const why = error.cause instanceof Error ? error.cause.message : error.message;
  return new DeliveryProblem('INCIDENT_ENDED', `${workflowId} ended without a verdict: ${why}`, error);
}

/** Ends early, without an error, when it is stopped. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

const never = (): Promise<never> => new Promise(() => undefined);
