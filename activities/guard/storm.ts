import type { Limits } from '../../domain/estate.ts';
import { type GuardAnswer } from '../../domain/guard/guard.ts';
import { takeSlot } from './budget.ts';
import type { Placed } from './budgets-of.ts';
import { giveBack, takeHold } from './take-hold.ts';
import type { TemporalClient } from './find-hold.ts';
import { holdIds } from '../../domain/workflow-ids.ts';

/** While the breaker is open, nothing in the estate is healed: a storm is not cured by restarting each target. */
const breakerOpenMs = 15 * 60_000;

/** A target that counts towards a storm: by this run, from now on, or by an earlier one (null). */
export type StormMark = { id: string; runId: string } | null;

/** Marks this target as one that fails, for the length of the window. */
export async function markTarget(
  client: TemporalClient,
  claim: Placed,
  limits: Limits,
  taskQueue: string,
): Promise<StormMark> {
  const id = holdIds.stormMark(claim.host, claim.target);
  const owner = claim.workflowId;
  const memo = {
    owner,
    reason: `${claim.target} failed`,
    until: null,
    holderWorkflowId: owner,
    holderRunId: claim.runId,
  };
  const summary = `${claim.target} on ${claim.host} counts towards a storm`;
  const forMs = windowMsOf(limits);
  const runId = await takeHold(client, { id, forMs, taskQueue, memo, summary });
  return runId === null ? null : { id, runId };
}

const windowMsOf = (limits: Limits): number => limits.stormWindowMin * 60_000;

/**
 * Counts a newly marked target among those that failed inside the window; one too many opens the estate's breaker,
 * which is a pause like any other: seen, and lifted, in the same way.
 * @returns the refusal where this target is the one too many
 */
export async function tripBreaker(
  client: TemporalClient,
  claim: Placed & { mark: StormMark },
  limits: Limits,
  taskQueue: string,
): Promise<GuardAnswer | null> {
  const { mark } = claim;
  if (mark === null) return null;
  const what = `different targets failing inside ${limits.stormWindowMin} min`;
  const budget = {
    kind: 'storm' as const,
    what,
    size: limits.stormTargets,
    windowMs: windowMsOf(limits),
    slotId: holdIds.stormSlot,
  };
  if ((await takeSlot(client, budget, claim, taskQueue)) !== null) return null;
  await giveBack(client, mark, 'the breaker opened');
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
