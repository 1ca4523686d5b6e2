import { ParentClosePolicy, startChild } from '@temporalio/workflow';
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
  const { debt } = owed;
  if (owed.count <= records && JSON.stringify(debt).length <= characters) return debt;
  const handed = new Set<unknown>(Object.values(debt).flat());
  await startChild<typeof OwedRecordsWorkflow>('OwedRecordsWorkflow', {
    workflowId: `owed/${incidentId}`,
    args: [{ debt }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `${owed.count} records and messages that are owed`,
  });
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
