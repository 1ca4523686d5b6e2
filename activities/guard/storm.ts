import type { Limits } from '../../domain/estate.ts';
import { holdIds, type GuardAnswer } from '../../domain/guard.ts';
import { takeSlot } from './budget.ts';
import type { Placed } from './budgets-of.ts';
import { giveBack, takeHold } from './take-hold.ts';
import type { TemporalClient } from './find-hold.ts';

/** While the breaker is open, nothing in the estate is healed: a storm is not cured by restarting each target. */
const breakerOpenMs = 15 * 60_000;

/**
 * Counts this target among those that failed inside the window; one too many opens the estate's breaker, which is
 * a pause like any other: seen, and lifted, in the same way.
 * @returns the refusal where this target is the one too many
 */
export async function tripBreaker(
  client: TemporalClient,
  claim: Placed,
  limits: Limits,
  taskQueue: string,
): Promise<GuardAnswer | null> {
  const windowMs = limits.stormWindowMin * 60_000;
  const mark = holdIds.stormMark(claim.host, claim.target);
  const owner = claim.workflowId;
  const memo = {
    owner,
    reason: `${claim.target} failed`,
    until: null,
    holderWorkflowId: owner,
    holderRunId: claim.runId,
  };
  const summary = `${claim.target} on ${claim.host} counts towards a storm`;
  const markRunId = await takeHold(client, { id: mark, forMs: windowMs, taskQueue, memo, summary });
  if (markRunId === null) return null;
  const what = `different targets failing inside ${limits.stormWindowMin} min`;
  const budget = {
    kind: 'storm' as const,
    what,
    size: limits.stormTargets,
    windowMs,
    slotId: holdIds.stormSlot,
  };
  if ((await takeSlot(client, budget, claim, taskQueue)) !== null) return null;
  await giveBack(client, { id: mark, runId: markRunId }, 'the breaker opened');
  const until = new Date(Date.now() + breakerOpenMs).toISOString();
  await takeHold(client, {
    id: holdIds.pause({ kind: 'estate', name: '' }),
    forMs: breakerOpenMs,
    taskQueue,
    memo: {
      owner: 'storm breaker',
      reason: `more than ${limits.stormTargets} ${what}`,
      until,
      holderWorkflowId: null,
      holderRunId: null,
    },
    summary: `storm breaker open until ${until}`,
  });
  return { kind: 'storm', limit: limits.stormTargets, windowMin: limits.stormWindowMin };
}
