import { condition, workflowInfo } from '@temporalio/workflow';
import { retryNow } from '../../domain/incident/verdict.ts';
import { healResult } from './heal-result.ts';
import { tellListener } from './tell-listeners.ts';
import type { HealRun } from './run.ts';

/**
 * The best verification there is: a caller that can run its failed task again is asked to, and tells how it went.
 * A caller that is gone meanwhile is forgotten, and the next one asked.
 * @returns true where it ran through, or where there is nobody to ask
 */
export async function confirmWithCaller(run: HealRun): Promise<boolean> {
  for (;;) {
    const caller = run.listeners.find((listener) => listener.tellsOutcome);
    if (caller === undefined) return true;
    run.taskOutcome = null;
    run.become('verifying', `the next run of ${run.classified.report.task ?? 'the failed task'}`);
    const verdict = retryNow('the target is well again: run the task once more');
    const interim = { ...healResult(run, verdict), status: 'verifying' as const };
    if (!(await tellListener(caller, interim))) {
      run.note(`${caller.workflowId} is gone and can't be asked to run again`);
      run.listeners.splice(run.listeners.indexOf(caller), 1);
      continue;
    }
    return hearFrom(run, caller.workflowId, (caller.outcomeTimeoutSec ?? 3600) * 1000);
  }
}

async function hearFrom(run: HealRun, workflowId: string, timeoutMs: number): Promise<boolean> {
  // Another listener's word is about another task.
  const answered = () => run.taskOutcome?.by === workflowId;
  const told = await condition(answered, timeoutMs, { summary: `outcome of ${workflowId}` });
  const outcome = run.taskOutcome;
  if (!told || outcome === null) {
    run.note(
      `${workflowId} did not tell how its next run went; ${workflowInfo().workflowId} goes by the target`,
    );
    return true;
  }
  run.note(outcome.ok ? 'the task ran through' : `the task failed again: ${outcome.detail}`);
  return outcome.ok;
}
