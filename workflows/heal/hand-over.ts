import { CancellationScope, ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { OwedRecordsWorkflow } from '../owed-records.ts';
import type { Debt } from './owed.ts';
import type { HealRun } from './run.ts';

/** A run may have 2000 activities under way, and an input of 2 MB: far below both. */
const records = 30;
const characters = 100_000;

/**
 * The debt that the next incident of this id takes with it. A failure that comes back for days while the database is
 * away piles up more than one run can carry: then a run that does nothing else sees to what is owed so far.
 */
export async function handOver(run: HealRun): Promise<Debt> {
  const { owed, incidentId } = run;
  // Counted while listeners were being told: this run has no later moment to write it.
  if (run.countChanged) run.owe();
  const { debt } = owed;
  if (owed.count <= records && JSON.stringify(debt).length <= characters) return debt;
  const handed = new Set<unknown>(Object.values(debt).flat());
  await oweElsewhere(debt, incidentId);
  // What came to be owed while that run was being started goes on with this one.
  if (run.countChanged) run.owe();
  const isNew = (record: unknown): boolean => !handed.has(record);
  return {
    incidents: debt.incidents.filter(isNew),
    healLogs: debt.healLogs.filter(isNew),
    insights: debt.insights.filter(isNew),
    notices: debt.notices.filter(isNew),
  };
}

/** Has a debt paid by a run of its own, which does nothing else. @param id the incident's, or the run's that has its debt */
export async function oweElsewhere(debt: Debt, id: string): Promise<void> {
  const count = Object.values(debt).flat().length;
  if (count === 0) return;
  await CancellationScope.nonCancellable(() =>
    startChild<typeof OwedRecordsWorkflow>('OwedRecordsWorkflow', {
      workflowId: `owed/${id}`,
      args: [{ debt }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${count} records and messages that are owed`,
    }),
  );
}
