import { getClient } from '@temporalio/activity';
import type { Estate } from '../domain/estate.ts';
import { type Claim, type GuardAnswer, type Hold } from '../domain/guard/guard.ts';
import { budgetsOf, type Placed } from './guard/budgets-of.ts';
import { slotLeft, takeSlot } from './guard/budget.ts';
import { findHold, type TemporalClient } from './guard/find-hold.ts';
import { takeLease } from './guard/lease.ts';
import { markTarget, tripBreaker } from './guard/storm.ts';
import { giveBack, takeHold } from './guard/take-hold.ts';
import type { Glances } from './containers/glances.ts';
import type { LookInput, Sight } from './look-at-container.ts';
import { holdIds } from '../domain/workflow-ids.ts';

export interface CheckCooldownDeps {
  estate: Estate;
  taskQueue: string;
  glances: Glances;
}

/** The guard's answer and, where one was asked for and could be had in a moment, a look taken beside it. */
export type Checked = GuardAnswer & { sight?: Sight };

/**
 * Asks the guard for all that an action needs, in the order of loop.md's rules 6 to 8: the playbook's cooldown,
 * the target's lease, then flapping, budgets and storm. All or nothing: what was taken before a "no" is given back.
 * A look that was asked for is taken meanwhile: neither has to wait for the other.
 */
export function createCheckCooldown({ estate, taskQueue, glances }: CheckCooldownDeps) {
  return async ({ claim, look }: { claim: Claim; look?: LookInput }): Promise<Checked> => {
    const looking = look === undefined ? null : glances.take(claim.runId, look);
    const answer = await ask(claim);
    const sight = answer.kind === 'granted' ? await looking : null;
    return sight === null ? answer : { ...answer, sight };
  };

  async function ask(claim: Claim): Promise<GuardAnswer> {
    const client = getClient();
    if (claim.peek) return peek(client, claim, estate);
    if ((claim.attempt ?? 1) > 1) return takeAnother(client, claim, estate, taskQueue);
    const taken: Hold[] = [];
    const refuse = async (answer: GuardAnswer): Promise<GuardAnswer> => {
      await Promise.all(taken.map((hold) => giveBack(client, hold, `given back: ${answer.kind}`)));
      return answer;
    };

    const { host, target } = claim;
    if (!claim.sideEffect || host === null || target === null) {
      const cooling = await takeCooldown(client, claim, taskQueue);
      if (cooling.kind === 'held') return cooling.answer;
      return { kind: 'granted', holds: cooling.hold === null ? [] : [cooling.hold] };
    }
    const placed: Placed = { ...claim, host, target };

    const [cooling, lease, mark] = await Promise.all([
      takeCooldown(client, claim, taskQueue),
      takeLease(client, placed, taskQueue),
      markTarget(client, placed, estate.limits, taskQueue),
    ]);
    if (cooling.kind === 'taken' && cooling.hold !== null) taken.push(cooling.hold);
    if (lease.kind === 'taken') taken.push(lease.hold);
    if (cooling.kind === 'held' || lease.kind === 'held') {
      // The target fails, whether it may be healed now or not, and whoever heals it: marked here, it counts here.
      const storm = await tripBreaker(client, { ...placed, mark }, estate.limits, taskQueue);
      if (storm !== null) return refuse(storm);
      // One that is healing it at this moment: its verdict is worth waiting for.
      const isHealing = lease.kind === 'held' && cooling.kind === 'held' && lease.by === cooling.by;
      if (cooling.kind === 'held' && !isHealing) return refuse(cooling.answer);
    }
    if (lease.kind === 'held') return refuse({ kind: 'lease_held', heldBy: lease.by });

    // Under the lease nobody else counts for this target, so the rest may be asked at once.
    const [slots, storm] = await Promise.all([
      Promise.all(
        budgetsOf(placed, estate.limits).map(async ({ budget, spent }) => ({
          slot: await takeSlot(client, budget, claim, taskQueue, lease.again),
          spent,
        })),
      ),
      tripBreaker(client, { ...placed, mark }, estate.limits, taskQueue),
    ]);
    for (const { slot } of slots) if (slot !== null) taken.push(slot);
    const no = slots.find(({ slot }) => slot === null)?.spent ?? storm;
    if (no !== null) return refuse(no);
    return { kind: 'granted', holds: taken };
  }
}

/** Each restart counts, so that no playbook's `max_retries` gets round a budget. Cooldown and lease are held already. */
async function takeAnother(
  client: TemporalClient,
  claim: Claim,
  { limits }: Estate,
  taskQueue: string,
): Promise<GuardAnswer> {
  const { host, target } = claim;
  if (host === null || target === null) return { kind: 'granted', holds: [] };
  // By this name a retry of this very call finds its own slots, and not those of the attempt before.
  const numbered = { ...claim, host, target, runId: `${claim.runId}/${claim.attempt}` };
  const holds: Hold[] = [];
  for (const { budget, spent } of budgetsOf(numbered, limits)) {
    if (budget.kind !== 'budget') continue;
    const slot = await takeSlot(client, budget, numbered, taskQueue, true);
    if (slot !== null) {
      holds.push(slot);
      continue;
    }
    await Promise.all(holds.map((hold) => giveBack(client, hold, 'given back: budget_spent')));
    return spent;
  }
  return { kind: 'granted', holds };
}

async function takeCooldown(
  client: TemporalClient,
  claim: Claim,
  taskQueue: string,
): Promise<{ kind: 'taken'; hold: Hold | null } | { kind: 'held'; answer: GuardAnswer; by: string }> {
  if (claim.cooldownMin === 0) return { kind: 'taken', hold: null };
  const id = holdIds.cooldown(claim.playbook, claim.host, claim.target ?? claim.failure);
  const forMs = claim.cooldownMin * 60_000;
  for (;;) {
    const until = new Date(Date.now() + forMs).toISOString();
    const runId = await takeHold(client, {
      id,
      forMs,
      taskQueue,
      memo: {
        owner: claim.workflowId,
        reason: `playbook ${claim.playbook} fired for incident ${claim.incidentId}`,
        until,
        holderWorkflowId: claim.workflowId,
        holderRunId: claim.runId,
      },
      summary: `cooldown of ${claim.playbook} for ${claim.target ?? claim.failure} until ${until}`,
    });
    if (runId !== null) return { kind: 'taken', hold: { id, runId, kind: 'cooldown' } };
    const held = await findHold(client, id);
    if (held === null) continue;
    if (held.memo.holderRunId === claim.runId)
      return { kind: 'taken', hold: { id, runId: held.runId, kind: 'cooldown' } };
    return {
      kind: 'held',
      by: held.memo.owner,
      answer: { kind: 'cooling_down', until: held.memo.until ?? until, heldBy: held.memo.owner },
    };
  }
}

async function peek(client: TemporalClient, claim: Claim, estate: Estate): Promise<GuardAnswer> {
  const cooling = await findHold(
    client,
    holdIds.cooldown(claim.playbook, claim.host, claim.target ?? claim.failure),
  );
  if (cooling !== null && claim.cooldownMin > 0 && cooling.memo.holderRunId !== claim.runId) {
    return { kind: 'cooling_down', until: cooling.memo.until ?? '', heldBy: cooling.memo.owner };
  }
  const { host, target } = claim;
  if (!claim.sideEffect || host === null || target === null) return { kind: 'granted', holds: [] };
  const lease = await findHold(client, holdIds.lease(host, target));
  if (lease !== null && lease.memo.holderRunId !== claim.runId)
    return { kind: 'lease_held', heldBy: lease.memo.owner };
  for (const { budget, spent } of budgetsOf({ ...claim, host, target }, estate.limits)) {
    if (!(await slotLeft(client, budget))) return spent;
  }
  return { kind: 'granted', holds: [] };
}
