import { getClient } from '@temporalio/activity';
import { pausesOver, type Pause } from '../domain/guard/guard.ts';
import { findHold } from './guard/find-hold.ts';
import { holdIds } from '../domain/workflow-ids.ts';

/** The pauses that lie over this host and target now, widest first. Reads Temporal only. */
export async function readPauses({
  host,
  target,
}: {
  host: string | null;
  target: string | null;
}): Promise<Pause[]> {
  const found = await Promise.all(
    pausesOver(host, target).map(async (scope): Promise<Pause | null> => {
      const hold = await findHold(getClient(), holdIds.pause(scope));
      if (hold === null) return null;
      const { memo } = hold;
      return {
        holdId: hold.id,
        runId: hold.runId,
        scope,
        owner: memo.owner,
        reason: memo.reason,
        until: memo.until,
      };
    }),
  );
  return found.filter((pause) => pause !== null);
}
