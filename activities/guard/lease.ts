import type { Claim, Hold } from '../../domain/guard/guard.ts';
import { findHold, type TemporalClient } from './find-hold.ts';
import { giveBack, takeHold } from './take-hold.ts';
import { holdIds } from '../../domain/workflow-ids.ts';

/** A lease outlives any heal; what ends it is the heal's own end, or the next one finding its holder gone. */
const leaseForMs = 24 * 3_600_000;

/**
 * Takes the target's lease, also from a run that has closed without giving it back (ended by hand, for example).
 * `again`: it was this workflow's already, because the answer to its first try was lost with a worker, or because an
 * earlier run of its id, of which there is only one open at a time, was ended without giving it back.
 */
export async function takeLease(
  client: TemporalClient,
  claim: Claim & { host: string; target: string },
  taskQueue: string,
): Promise<{ kind: 'taken'; hold: Hold; again: boolean } | { kind: 'held'; by: string }> {
  const id = holdIds.lease(claim.host, claim.target);
  for (let tries = 0; ; tries++) {
    const runId = await takeHold(client, {
      id,
      forMs: leaseForMs,
      taskQueue,
      memo: {
        owner: claim.workflowId,
        reason: `incident ${claim.incidentId} is healing ${claim.target}`,
        until: null,
        holderWorkflowId: claim.workflowId,
        holderRunId: claim.runId,
      },
      summary: `lease of ${claim.target} on ${claim.host}, held by ${claim.workflowId}`,
    });
    if (runId !== null) return { kind: 'taken', hold: { id, runId, kind: 'lease' }, again: false };
    const held = await findHold(client, id);
    if (held === null) continue;
    if (held.memo.holderWorkflowId === claim.workflowId)
      return { kind: 'taken', hold: { id, runId: held.runId, kind: 'lease' }, again: true };
    if (tries > 3 || (await isOpen(client, held.memo.holderWorkflowId, held.memo.holderRunId))) {
      return { kind: 'held', by: held.memo.owner };
    }
    await giveBack(client, held, 'its holder has closed');
  }
}

async function isOpen(
  client: TemporalClient,
  workflowId: string | null,
  runId: string | null,
): Promise<boolean> {
  if (workflowId === null || runId === null) return true;
  try {
    const { status } = await client.workflow.getHandle(workflowId, runId).describe();
    if (status.name !== 'CONTINUED_AS_NEW') return status.name === 'RUNNING';
    // It goes on as a later run of the same id, until that has closed.
    const latest = await client.workflow.getHandle(workflowId).describe();
    return latest.status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
    throw error;
  }
}
