import type { HoldMemo } from '../../domain/hold.ts';
import type { TemporalClient } from './find-hold.ts';

/** The workflow type behind every hold. Its first task is delayed by the hold's length, so it costs no worker. */
export const holdWorkflowType = 'GuardHoldWorkflow';

export interface HoldRequest {
  id: string;
  /** How long it lasts by itself, in ms; null: until lifted. */
  forMs: number | null;
  taskQueue: string;
  memo: HoldMemo;
  summary: string;
}

/**
 * Takes a hold: exact under any concurrency, because the server starts one workflow per id.
 * @returns the run that holds it, or null where it is taken already
 */
export async function takeHold(client: TemporalClient, request: HoldRequest): Promise<string | null> {
  try {
    const handle = await client.workflow.start(holdWorkflowType, {
      workflowId: request.id,
      taskQueue: request.taskQueue,
      args: [{ endless: request.forMs === null }],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      memo: { ...request.memo },
      staticSummary: request.summary,
      ...(request.forMs === null ? {} : { startDelay: Math.max(1, request.forMs) }),
    });
    return handle.firstExecutionRunId;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') return null;
    throw error;
  }
}

/** Gives a hold back. One that ended by itself, or was taken anew by another run, is left alone. */
export async function giveBack(client: TemporalClient, hold: { id: string; runId: string }, reason: string): Promise<void> {
  try {
    await client.workflow.getHandle(hold.id, hold.runId).terminate(reason);
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return;
    throw error;
  }
}
