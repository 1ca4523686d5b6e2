import type { Refusal } from '../../domain/incident/decide.ts';
import type { RecordedAction } from '../../domain/vocabulary/vocabulary.ts';
import type { HealRun } from './run.ts';

/** A heal log beside the attempts: what was not done, and why. At most one of each result in an incident. */
export function logOnce(
  run: HealRun,
  actionType: RecordedAction,
  result: 'refused' | 'skipped',
  error: string,
): void {
  run.log({
    attempt: 0,
    actionType,
    command: null,
    result,
    output: null,
    error,
    startedAtMs: Date.now(),
    steps: [],
  });
}

/** Rule 5: what the playbook wanted, why it may not, and what it became. */
export function logRefusal(run: HealRun, refused: Refusal): void {
  const wanted = run.playbook?.actionType ?? 'DOCKER_RESTART';
  const { rule, reason, became, wayForward } = refused;
  logOnce(run, wanted, 'refused', `${rule}: ${reason}; became ${became}. ${wayForward}`);
}
