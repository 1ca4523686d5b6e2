import { getClient } from '@temporalio/activity';
import { takeHold } from './guard/take-hold.ts';

/**
 * True for the first that asks inside the window, false for everybody else: what keeps one pause, or one unknown
 * failure that comes again and again, from being told again and again. A retry by the same holder stays true.
 */
export function createClaimOnce({ taskQueue }: { taskQueue: string }) {
  return async ({ id, forMin, holder }: { id: string; forMin: number; holder: string }): Promise<boolean> => {
    const until = new Date(Date.now() + forMin * 60_000).toISOString();
    const runId = await takeHold(getClient(), {
      id,
      forMs: forMin * 60_000,
      taskQueue,
      memo: { owner: holder, reason: 'told already', until, holderWorkflowId: null, holderRunId: null },
      summary: `${id} until ${until}`,
    });
    if (runId !== null) return true;
    const { memo } = await getClient().workflow.getHandle(id).describe();
    return memo?.['owner'] === holder;
  };
}
