import type { Claim, Hold } from '../../domain/guard/guard.ts';
import { findHold, type TemporalClient } from './find-hold.ts';
import { takeHold } from './take-hold.ts';

export interface Budget {
  kind: Hold['kind'];
  /** What is counted, for people: `restarts on ollama-188`. */
  what: string;
  size: number;
  windowMs: number;
  slotId: (slot: number) => string;
}

/** Where a run begins to look for a free slot: spread, so that a big budget is not searched from its taken end. */
const firstSlot = (runId: string, size: number): number => parseInt(runId.slice(-8), 16) % size || 0;

/**
 * Takes one of a budget's numbered slots for its window: exact without any shared counter.
 * @param again true where an earlier try of this run may have taken a slot already: that one counts then
 * @returns null where all are taken
 */
export async function takeSlot(
  client: TemporalClient,
  budget: Budget,
  claim: Claim,
  taskQueue: string,
  again = false,
): Promise<Hold | null> {
  const first = firstSlot(claim.runId, budget.size);
  for (let tried = 0; tried < budget.size; tried++) {
    const slot = (first + tried) % budget.size;
    const id = budget.slotId(slot);
    const until = new Date(Date.now() + budget.windowMs).toISOString();
    const runId = await takeHold(client, {
      id,
      forMs: budget.windowMs,
      taskQueue,
      memo: {
        owner: claim.workflowId,
        reason: `counts towards the limit of ${budget.what}`,
        until,
        holderWorkflowId: claim.workflowId,
        holderRunId: claim.runId,
      },
      summary: `${budget.what}: ${slot + 1} of ${budget.size}, until ${until}`,
    });
    if (runId !== null) return { id, runId, kind: budget.kind };
    const held = again ? await findHold(client, id) : null;
    if (held?.memo.holderRunId === claim.runId) return { id, runId: held.runId, kind: budget.kind };
  }
  return null;
}

/** Whether a slot is left, without taking it. */
export async function slotLeft(client: TemporalClient, budget: Budget): Promise<boolean> {
  for (let slot = 0; slot < budget.size; slot++) {
    if ((await findHold(client, budget.slotId(slot))) === null) return true;
  }
  return false;
}
