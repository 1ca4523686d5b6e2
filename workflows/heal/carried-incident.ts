import { makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { Classified } from '../../activities/classify.ts';
import type { Report } from '../../domain/report/report.ts';
import type { Carry, HealWorkflow } from '../heal.ts';
import { handOn } from '../incoming.ts';
import type { ApprovalRequest } from './approval.ts';
import type { Occurrences, CountedSoFar } from './occurrences.ts';
import type { HealRun } from './run.ts';
import type { WaitProgress } from './wait.ts';

/**
 * Temporal keeps at most 51 200 events and 10 000 signals of a run. An incident that waits while its reports pour in
 * goes on as a new run long before that; it stays the same incident, with its id, counts and attempts.
 */
export const signalsOfOneRun = 4000;

/** All that an incident is while it waits, for the run that goes on with it. */
export type CarriedIncident = WaitsFor & {
  incidentId: string;
  classified: Classified;
  counted: CountedSoFar;
  state: Pick<HealRun, (typeof carriedFields)[number]>;
};

/** With an open request, it is decided anew up to that. */
type WaitsFor = { wait: WaitProgress } | { approval: ApprovalRequest };

/** In the memo of a run that goes on with an incident: its id is the first run's, and not this one's. */
export type IncidentMemo = Record<'incidentId', string>;

/**
 * Goes on as a new run. A memo would be handed on, so it is always set.
 * @param incidentId the incident that the new run goes on with; empty where it is one of its own
 */
export function asNewRun(incidentId: string): (report: Report, carry: Carry) => Promise<never> {
  const memo: IncidentMemo = { incidentId };
  const goOn = makeContinueAsNewFunc<typeof HealWorkflow>({ memo });
  return (report, carry) => goOn(report, handOn(carry));
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
  'mayRestartWell',
  'fired',
  'revision',
] as const;

/** Whether this run has become long enough to go on as a new one at the next safe point. */
export function isLong({ occurrences }: { occurrences: Occurrences }): boolean {
  return workflowInfo().continueAsNewSuggested || occurrences.signals >= signalsOfOneRun;
}

/** Goes on waiting as a new run. Never returns. */
export async function continueWaiting(run: HealRun, waitsFor: WaitsFor): Promise<never> {
  if (run.countChanged) run.owe();
  const state = Object.fromEntries(carriedFields.map((field) => [field, run[field]]));
  return asNewRun(run.incidentId)(run.classified.report, {
    debt: run.owed.debt,
    listeners: run.listeners,
    incident: {
      incidentId: run.incidentId,
      classified: run.classified,
      counted: run.occurrences.soFar(),
      state: state as CarriedIncident['state'],
      ...waitsFor,
    },
  });
}

/** Makes a new run's incident the one that was carried over. */
export function restore(run: HealRun, incident: CarriedIncident): void {
  Object.assign(run, incident.state);
  run.approvalBefore = 'approval' in incident ? incident.approval : null;
  run.note('goes on as a new run: the last one had become long');
}
