import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import type { TaskEnd } from '../../domain/task/run.ts';
import { commanding } from '../proxies.ts';
import type { TaskState } from './task-state.ts';

/** Beyond the task's own time-out: to end its processes, and to answer. */
const marginSec = 60;

/**
 * Runs the command once, and never again by itself: whether a run whose worker was lost may be repeated is the
 * task's to say.
 * @throws ActivityFailure when it was cancelled, or the task is no longer in the estate file
 */
export async function runOnce(state: TaskState): Promise<TaskEnd> {
  const { name, task } = state;
  const begunMs = Date.now();
  const options = {
    startToCloseTimeout: (task.timeoutSec + marginSec) * 1000,
    summary: `run ${state.runs} of at most ${state.maxRuns}`,
  };
  try {
    return await commanding.runTask.executeWithOptions(options, [{ task: name }]);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    if (cause instanceof ApplicationFailure && cause.type === failureTypes.notInEstate) throw error;
    const rest = { outputTail: '', durationMs: Math.max(0, Date.now() - begunMs) };
    if (cause instanceof TimeoutFailure) {
      return { kind: 'unknown', lost: 'worker', reason: 'was lost: its worker no longer answers', ...rest };
    }
    return {
      kind: 'failed',
      reason: `could not be run: ${cause?.message ?? error.message}`,
      exitCode: null,
      ...rest,
    };
  }
}
