import type { getClient } from '@temporalio/activity';
import { holdMemoSchema, type HoldMemo } from '../../domain/guard/hold.ts';

export type TemporalClient = ReturnType<typeof getClient>;

export interface FoundHold {
  id: string;
  runId: string;
  memo: HoldMemo;
}

/** The hold of this id, or null where none is open. Strongly consistent: a description, not a listing. */
export async function findHold(client: TemporalClient, id: string): Promise<FoundHold | null> {
  try {
    const description = await client.workflow.getHandle(id).describe();
    if (description.status.name !== 'RUNNING') return null;
    return { id, runId: description.runId, memo: holdMemoSchema.parse(description.memo ?? {}) };
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return null;
    throw error;
  }
}
