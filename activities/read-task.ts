import { ApplicationFailure } from '@temporalio/activity';
import type { Estate, Task } from '../domain/estate.ts';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import type { RunSettings } from '../domain/incident/state.ts';

/**
 * A task's settings, as the estate file has them now.
 * @throws ApplicationFailure `NotInEstate`, never retried
 */
export function createReadTask({ estate, settings }: { estate: Estate; settings: RunSettings }) {
  return async ({ task }: { task: string }): Promise<{ task: Task; settings: RunSettings }> => ({
    task: taskOf(estate, task),
    settings,
  });
}

export function taskOf(estate: Estate, name: string): Task {
  const task = Object.hasOwn(estate.tasks, name) ? estate.tasks[name] : undefined;
  if (task !== undefined) return task;
  const known = Object.keys(estate.tasks).join(', ') || 'none at all';
  throw ApplicationFailure.nonRetryable(
    `There is no task "${name}" under tasks in the estate file; it has ${known}. Add it there, or delete its schedule.`,
    failureTypes.notInEstate,
  );
}
