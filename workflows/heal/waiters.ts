import { condition, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import type { Listener } from '../../domain/incident/counting.ts';
import { resultOf } from '../../domain/incident/views.ts';
import { retryNow, type HealResult } from '../../domain/incident/verdict.ts';
import { verdictSignal } from '../messages.ts';
import type { Incident } from './incident.ts';

/** Tells the verdict to everybody who waits for it, and to nobody twice. */
export async function tellListeners(incident: Incident): Promise<void> {
  const { listeners, outcome } = incident.state;
  if (listeners.length === 0 || outcome === null) return;
  incident.apply((now) => ({ ...now, listeners: [] }));
  const result = resultOf(incident.state, outcome.verdict, Date.now());
  await Promise.all(listeners.map((listener) => tell(listener, result)));
}

/** @returns false where the listener is gone: it ended, or was ended, meanwhile */
async function tell(listener: Listener, result: HealResult): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(listener.workflowId).signal(verdictSignal, result);
    return true;
  } catch {
    return false;
  }
}

/** `nobody_asked`: no caller that could run again, or none that told how it went. */
export type Confirmation = 'ran_through' | 'failed_again' | 'nobody_asked';

/**
 * The best verification there is: a caller that can run its failed task again is asked to, and tells how it went.
 * A caller that is gone meanwhile is forgotten, and the next one asked.
 */
export async function confirmWithCaller(incident: Incident): Promise<Confirmation> {
  for (;;) {
    const caller = incident.state.listeners.find((listener) => listener.tellsOutcome);
    if (caller === undefined) return 'nobody_asked';
    incident.apply((now) => ({ ...now, taskOutcome: null }));
    const { task = 'the failed task' } = incident.state.classified.report;
    incident.become('verifying', `the next run of ${task}`);
    const verdict = retryNow('the target is well again: run the task once more');
    if (await tell(caller, resultOf(incident.state, verdict, Date.now())))
      return hearFrom(incident, caller.workflowId, (caller.outcomeTimeoutSec ?? 3600) * 1000);
    incident.note(`${caller.workflowId} is gone and can't be asked to run again`);
    incident.apply((now) => ({
      ...now,
      listeners: now.listeners.filter(({ workflowId }) => workflowId !== caller.workflowId),
    }));
  }
}

async function hearFrom(incident: Incident, workflowId: string, timeoutMs: number): Promise<Confirmation> {
  // Another listener's word is about another task.
  const answered = () => incident.state.taskOutcome?.by === workflowId;
  const told = await condition(answered, timeoutMs, { summary: `outcome of ${workflowId}` });
  const outcome = incident.state.taskOutcome;
  if (!told || outcome === null) {
    incident.note(
      `${workflowId} did not tell how its next run went; ${workflowInfo().workflowId} goes by the target`,
    );
    return 'nobody_asked';
  }
  incident.note(outcome.ok ? 'the task ran through' : `the task failed again: ${outcome.detail}`);
  return outcome.ok ? 'ran_through' : 'failed_again';
}
