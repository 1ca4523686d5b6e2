import type { Limits } from '../../domain/estate.ts';
import { type Claim, type GuardAnswer } from '../../domain/guard/guard.ts';
import type { Budget } from './budget.ts';
import { holdIds } from '../../domain/workflow-ids.ts';

/** A claim whose place is known. */
export type Placed = Claim & { host: string; target: string };

const tenMinMs = 600_000;

/** The budgets that one restart counts towards, each with the answer when it is spent. */
export function budgetsOf(
  { host, target }: Placed,
  limits: Limits,
): { budget: Budget; spent: GuardAnswer }[] {
  return [
    {
      budget: {
        kind: 'flapping',
        what: `actions on ${target}`,
        size: limits.flappingHeals,
        windowMs: limits.flappingHours * 3_600_000,
        slotId: (slot) => holdIds.flapping(host, target, slot),
      },
      spent: { kind: 'flapping', limit: limits.flappingHeals, hours: limits.flappingHours },
    },
    {
      budget: {
        kind: 'budget',
        what: `restarts on ${host}`,
        size: limits.restartsPerHostPer10Min,
        windowMs: tenMinMs,
        slotId: (slot) => holdIds.hostBudget(host, slot),
      },
      spent: {
        kind: 'budget_spent',
        scope: `host ${host}`,
        limit: limits.restartsPerHostPer10Min,
        windowMin: 10,
      },
    },
    {
      budget: {
        kind: 'budget',
        what: 'restarts in the estate',
        size: limits.restartsPerEstatePer10Min,
        windowMs: tenMinMs,
        slotId: holdIds.estateBudget,
      },
      spent: {
        kind: 'budget_spent',
        scope: 'the estate',
        limit: limits.restartsPerEstatePer10Min,
        windowMin: 10,
      },
    },
  ];
}
