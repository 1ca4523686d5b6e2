import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { Classified } from '../../activities/classify.ts';
import type { HealWorkflow } from '../heal.ts';
import type { Occurrences, CountedSoFar } from './occurrences.ts';
import type { HealRun } from './run.ts';
import type { WaitProgress } from './wait.ts';

/**
 * Temporal keeps at most 51 200 events and 10 000 signals of a run. An incident that waits while its reports pour in
 * goes on as a new run long before that; it stays the same incident, with its id, counts and attempts.
 */
export const signalsOfOneRun = 4000;

/** All that an incident is while it waits, for the run that goes on with it. */
export interface CarriedIncident {
  incidentId: string;
  classified: Classified;
  counted: CountedSoFar;
  state: Pick<HealRun, (typeof carriedFields)[number]>;
  /** Absent where it waits for a person: then it is decided anew, up to the request that is open. */
  wait?: WaitProgress;
}

const carriedFields = [
  'startedAtMs',
  'lastSeenAtMs',
  'holds',
  'playbook',
  'actionType',
  'attempts',
  'status',
  'waitingFor',
  'until',
  'similar',
  'tried',
  'steps',
  'metadata',
  'acknowledgedBy',
  'approval',
  'mayRestartWell',
  'fired',
  'revision',
] as const;

/** Whether this run has become long enough to go on as a new one at the next safe point. */
export function isLong({ occurrences }: { occurrences: Occurrences }): boolean {
  return workflowInfo().continueAsNewSuggested || occurrences.signals >= signalsOfOneRun;
}

/** Goes on waiting as a new run. Never returns. @param wait null where it waits for a person */
export async function continueWaiting(run: HealRun, wait: WaitProgress | null): Promise<never> {
  if (run.countChanged) run.owe();
  const state = Object.fromEntries(carriedFields.map((field) => [field, run[field]]));
  return continueAsNew<typeof HealWorkflow>(run.classified.report, {
    debt: run.owed.debt,
    listeners: run.listeners,
    incident: {
      incidentId: run.incidentId,
      classified: run.classified,
      counted: run.occurrences.soFar(),
      state: state as CarriedIncident['state'],
      ...(wait === null ? {} : { wait }),
    },
  });
}

/** Makes a new run's incident the one that was carried over. */
export function restore(run: HealRun, { state }: CarriedIncident): void {
  Object.assign(run, state);
  run.note('goes on as a new run: the last one had become long');
}
