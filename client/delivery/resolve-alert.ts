import { WorkflowNotFoundError } from '@temporalio/client';
import type { Report } from '../../domain/report/report.ts';
import { causeGoneSignal } from '../../workflows/messages.ts';
import type { DeliveryContext } from './deliver-report.ts';
import { deliveryProblem } from './delivery-problem.ts';
import { placeKnown } from './classify-cached.ts';
import { healWorkflowId } from '../../domain/workflow-ids.ts';

/**
 * Tells the open incident of a report's fingerprint that its cause is gone, as a monitoring system does when its
 * alert resolves: a wait ends. Nothing happens where none is open.
 * @throws DeliveryProblem
 */
export async function closeCause(
  context: Omit<DeliveryContext, 'taskQueue'> & { report: Report },
): Promise<{ closed: boolean; workflowId: string | null }> {
  const { client, report, timeoutMs = 5000 } = context;
  // In the words in which it was reported: what identifies an alert is redacted as everything is.
  const { report: placed, classification } = placeKnown(report, context);
  const workflowId = healWorkflowId(classification.fingerprint);
  const told = {
    by: report.source,
    detail: `${report.source} says that it is resolved`,
    ...(placed.alert === undefined ? {} : { alert: placed.alert.fingerprint }),
  };
  try {
    await client.withDeadline(Date.now() + timeoutMs, () =>
      client.workflow.getHandle(workflowId).signal(causeGoneSignal, told),
    );
    return { closed: true, workflowId };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { closed: false, workflowId: null };
    throw deliveryProblem(error);
  }
}
