import {
  CancellationScope,
  makeContinueAsNewFunc,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { hasUnwrittenCount, shortened, type Arrival } from '../../domain/incident/counting.ts';
import { countOf, everythingIn, without, type Debt } from '../../domain/incident/debt.ts';
import { owedRecordsWorkflowId, workflowTypes } from '../../domain/workflow-ids.ts';
import type { Report } from '../../domain/report/report.ts';
import { handOn } from '../incoming.ts';
import type { Carry, Heal, IncidentMemo, OwedRecords } from '../messages.ts';
import type { Incident } from './incident.ts';

/**
 * Temporal keeps at most 51 200 events and 10 000 signals of a run. An incident that waits while its reports pour in
 * goes on as a new run long before that; it stays the same incident, with its id, counts and attempts.
 */
export const signalsOfOneRun = 4000;

/** What a run may carry over: it may have 2000 activities under way, and an input of 2 MB. Far below both. */
const records = 30;
const characters = 100_000;

/**
 * Goes on as a new run. A memo would be handed on, so it is always set.
 * @param incidentId the incident that the new run goes on with; empty where it is one of its own
 */
export function asNewRun(incidentId: string): (report: Report, carry: Carry) => Promise<never> {
  const memo: IncidentMemo = { incidentId };
  const goOn = makeContinueAsNewFunc<Heal>({ memo });
  return (report, carry) => goOn(report, handOn(carry));
}

/** Whether this run has become long enough to go on as a new one at the next safe point. */
export const isLong = ({ signals }: Incident): boolean =>
  workflowInfo().continueAsNewSuggested || signals >= signalsOfOneRun;

/** Goes on with the same incident as a new run. Never returns. */
export async function continueIncident(incident: Incident): Promise<never> {
  if (hasUnwrittenCount(incident.state)) incident.write();
  const { state } = incident;
  return asNewRun(state.incidentId)(state.classified.report, { incident: state });
}

/** Goes on as the next incident, of what failed later, which takes this one's debt with it. Never returns. */
export async function continueWithLater(incident: Incident, later: Arrival[]): Promise<never> {
  const debt = await debtToCarry(incident);
  const [next, ...rest] = later;
  if (next === undefined) throw new Error('there is nothing to continue with');
  const listeners = [next.listener, ...incident.state.listeners];
  return asNewRun('')(next.report, {
    debt,
    listeners: listeners.filter((listener) => listener !== undefined),
    later: rest.map(shortened),
  });
}

/**
 * The debt that the next incident of this id takes with it. A failure that comes back for days while the database is
 * away piles up more than one run can carry: then a run that does nothing else sees to what is owed so far.
 */
async function debtToCarry(incident: Incident): Promise<Debt> {
  // Counted while listeners were being told: this run has no later moment to write it.
  if (hasUnwrittenCount(incident.state)) incident.write();
  const { debt, incidentId } = incident.state;
  if (countOf(debt) <= records && JSON.stringify(debt).length <= characters) return debt;
  await oweElsewhere(debt, incidentId);
  // What came to be owed while that run was being started goes on with this one.
  if (hasUnwrittenCount(incident.state)) incident.write();
  return without(incident.state.debt, ...everythingIn(debt));
}

/** Has a debt paid by a run of its own, which does nothing else. @param id the incident's, or the run's that has its debt */
export async function oweElsewhere(debt: Debt, id: string): Promise<void> {
  const count = countOf(debt);
  if (count === 0) return;
  await CancellationScope.nonCancellable(() =>
    startChild<OwedRecords>(workflowTypes.owedRecords, {
      workflowId: owedRecordsWorkflowId(id),
      args: [{ debt }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${count} records and messages that are owed`,
    }),
  );
}
