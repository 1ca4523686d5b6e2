import type { HealResult, Verdict } from '../../domain/incident/verdict.ts';
import type { HealRun } from './run.ts';

/** The run's result for callers (contract.md). */
export function healResult(run: HealRun, verdict: Verdict): HealResult {
  const source = run.metadata['catalogueSource'];
  return {
    incidentId: run.incidentId,
    status: run.status,
    playbook: run.playbook?.name ?? null,
    actionType: run.actionType,
    attempts: run.attempts,
    durationMs: Math.max(0, (run.settledAtMs ?? Date.now()) - run.startedAtMs),
    verdict,
    occurrences: run.occurrences.count,
    ...(source === 'database' || source === 'snapshot' || source === 'seeds'
      ? { catalogueSource: source }
      : {}),
    steps: run.steps,
  };
}
