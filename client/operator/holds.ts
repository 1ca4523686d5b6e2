import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { holdMemoSchema } from '../../domain/guard/hold.ts';
import { callTemporal } from '../delivery/call-temporal.ts';
import { workflowTypes } from '../../domain/workflow-ids.ts';

/** One hold of the guard that is open now: a lease, a cooldown, a budget's slot, a storm or flapping mark, a pause. */
export interface OpenHold {
  id: string;
  /** The part of the id before the first slash: `lease`, `cooldown`, `budget`, … */
  kind: string;
  owner: string;
  reason: string;
  /** ISO time, or null for one that lasts until it is lifted or given back. */
  until: string | null;
  since: string;
}

const listingMs = 15_000;

/**
 * The holds that are open, newest first, from Temporal's own index, which may lag behind by a moment.
 * @throws DeliveryProblem
 */
export async function listHolds(client: Client): Promise<OpenHold[]> {
  const query = `WorkflowType = '${workflowTypes.hold}' AND ExecutionStatus = 'Running'`;
  const list = async (): Promise<OpenHold[]> => {
    const holds: OpenHold[] = [];
    for await (const { workflowId, memo, startTime } of client.workflow.list({ query })) {
      const told = holdMemoSchema.safeParse(memo ?? {});
      const { owner, reason, until } = told.success
        ? told.data
        : { owner: 'unknown', reason: 'its memo cannot be read', until: null };
      const kind = workflowId.split('/')[0] ?? '';
      holds.push({ id: workflowId, kind, owner, reason, until, since: startTime.toISOString() });
    }
    return holds;
  };
  return callTemporal(client, list, Date.now() + listingMs);
}

/**
 * Lifts one hold by its id, whoever took it.
 * @returns false where none of this id is open
 * @throws DeliveryProblem
 */
export async function liftHold(
  client: Client,
  id: string,
  { by, reason }: { by: string; reason: string },
): Promise<boolean> {
  return callTemporal(client, async () => {
    const handle = client.workflow.getHandle(id);
    try {
      // Ids are whatever is typed: an incident must not be ended by a slip.
      const { type } = await handle.describe();
      if (type !== workflowTypes.hold) return false;
      await handle.terminate(`lifted by ${by}: ${reason}`);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  });
}
