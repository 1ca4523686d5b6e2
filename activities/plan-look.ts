import { getClient } from '@temporalio/activity';
import type { LaterLook } from '../domain/incident/later-look.ts';
import { laterLookWorkflowId, workflowTypes } from '../domain/workflow-ids.ts';

/** Longer than any cooldown that a look waits for; a later one is looked at by then as well. */
const longestDelayMs = 7 * 24 * 3_600_000;

/**
 * Plans a look at a target. There is one at most: where one is planned already, that one is enough.
 * @returns false where it was planned already
 */
export function createPlanLook({ taskQueue }: { taskQueue: string }) {
  return async ({ look, at }: { look: LaterLook; at: string | null }): Promise<boolean> => {
    const delayMs = at === null ? 0 : Math.min(longestDelayMs, Date.parse(at) - Date.now());
    const { place, fingerprint, why } = look;
    try {
      await getClient().workflow.start(workflowTypes.laterLook, {
        workflowId: laterLookWorkflowId(place.host, place.container, fingerprint),
        taskQueue,
        args: [look],
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: `a look at ${place.target ?? 'what failed'} (${why})`,
        ...(delayMs > 0 ? { startDelay: delayMs } : {}),
      });
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') return false;
      throw error;
    }
  };
}
