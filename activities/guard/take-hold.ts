import { holdStartOptions, type HoldRequest } from '../../domain/guard/hold.ts';
import type { TemporalClient } from './find-hold.ts';
import { workflowTypes } from '../../domain/workflow-ids.ts';

/**
 * Takes a hold.
 * @returns the run that holds it, or null where it is taken already
 */
export async function takeHold(client: TemporalClient, request: HoldRequest): Promise<string | null> {
  try {
    const handle = await client.workflow.start(workflowTypes.hold, holdStartOptions(request));
    return handle.firstExecutionRunId;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') return null;
    throw error;
  }
}

/** Gives a hold back. One that ended by itself, or was taken anew by another run, is left alone. */
export async function giveBack(
  client: TemporalClient,
  hold: { id: string; runId: string },
  reason: string,
): Promise<void> {
  try {
    await client.workflow.getHandle(hold.id, hold.runId).terminate(reason);
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return;
    throw error;
  }
}
