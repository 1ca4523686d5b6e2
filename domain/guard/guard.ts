/**
 * The guard: leases, cooldowns, budgets, storm and flapping counts, and pauses. Each is a *hold*: a workflow whose
 * id is the hold, so that it is exact under concurrency, needs no database, shows in the Temporal UI, and is
 * lifted by ending it. A budget of n is n numbered holds.
 */

/** Where a pause lies. The kill switch is the estate's. */
export interface PauseScope {
  kind: 'estate' | 'host' | 'target';
  /** Host or target key; empty for the estate. */
  name: string;
}

export interface Pause {
  holdId: string;
  runId: string;
  scope: PauseScope;
  owner: string;
  reason: string;
  /** ISO time, or null for a pause without an end. */
  until: string | null;
}

/** What an incident asks the guard for before it acts. Targets are estate keys; windows in minutes. */
export interface Claim {
  incidentId: string;
  workflowId: string;
  runId: string;
  playbook: string;
  host: string | null;
  target: string | null;
  cooldownMin: number;
  /** What the playbook cools down for where no target is known, so that strangers don't silence one another. */
  failure: string;
  /** True where the action has a side effect on the target: lease, budgets, storm and flapping count. */
  sideEffect: boolean;
  /** Look only; nothing is taken. */
  peek: boolean;
  /** Above 1: a further restart under the holds of the first, which counts towards the restart budgets too. */
  attempt?: number;
}

/** A hold that was taken, and by which run, so that it can be given back without touching a later one. */
export interface Hold {
  id: string;
  runId: string;
  kind: 'lease' | 'cooldown' | 'budget' | 'storm' | 'flapping';
}

export type GuardAnswer =
  | { kind: 'granted'; holds: Hold[] }
  | { kind: 'cooling_down'; until: string; heldBy: string }
  | { kind: 'lease_held'; heldBy: string }
  | { kind: 'budget_spent'; scope: string; limit: number; windowMin: number }
  | { kind: 'storm'; limit: number; windowMin: number }
  | { kind: 'flapping'; limit: number; hours: number };

/** What cools down: the target, else what the report calls it, else the task, else this very failure. */
export function failureOf(
  report: { target?: string | undefined; task?: string | undefined },
  fingerprint: string,
): string {
  if (report.target !== undefined && report.target !== '') return `named ${report.target}`;
  return report.task === undefined ? `failure ${fingerprint}` : `task ${report.task}`;
}

/** Every pause that would stop an action here, widest first. */
export function pausesOver(host: string | null, target: string | null): PauseScope[] {
  return [
    { kind: 'estate', name: '' },
    ...(host === null ? [] : [{ kind: 'host' as const, name: host }]),
    ...(target === null ? [] : [{ kind: 'target' as const, name: target }]),
  ];
}
