import { randomUUID } from 'node:crypto';
import { WorkflowClient, type Client } from '@temporalio/client';
import type { CompiledRules } from '../domain/classify.ts';
import type { Estate } from '../domain/estate.ts';
import type { Report } from '../domain/report.ts';
import { reportSignal } from '../workflows/messages.ts';
import { deliveryProblem } from './delivery-problem.ts';
import { observeSignalWithStart } from './observed-connection.ts';
import { placeKnown } from './place-known.ts';

/** What every delivery needs: the way to Temporal, and the files by which a failure is told from another. */
export interface DeliveryContext {
  client: Client;
  taskQueue: string;
  rules: CompiledRules;
  estate: Estate;
  /** For one call to Temporal, in ms; default 5000. */
  timeoutMs?: number;
}

export interface DeliveredReport {
  workflowId: string;
  /** The run that has the report: the incident, unless the worker's files say that it is another one's. */
  runId: string;
  incidentId: string;
  /** It was counted on an incident that was open already. */
  joined: boolean;
}

const workflowType = 'HealWorkflow';
const defaultTimeoutMs = 5000;

/** The workflow id of a failure's incident. */
export const incidentWorkflowId = (
  report: Report,
  context: Pick<DeliveryContext, 'rules' | 'estate'>,
): string => `heal/${placeKnown(report, context).classification.fingerprint}`;

/**
 * Hands a report over in one call: it opens the incident of its fingerprint, or joins the one that is open. Secrets
 * are removed before it leaves the process. A report with a `reportId` may be sent again: it counts once.
 * @throws DeliveryProblem
 */
export async function deliverReport(context: DeliveryContext & { report: Report }): Promise<DeliveredReport> {
  const { client, taskQueue } = context;
  const placed = placeKnown(
    { ...context.report, reportId: context.report.reportId ?? randomUUID() },
    context,
  );
  const { report } = placed;
  const options = { taskQueue, args: [report], staticSummary: report.error.message.slice(0, 150) };
  const deadlineMs = Date.now() + (context.timeoutMs ?? defaultTimeoutMs);
  try {
    return await client.withDeadline(deadlineMs, async () => {
      if (report.dryRun === true) return await startDryRun(client, options);
      const workflowId = `heal/${placed.classification.fingerprint}`;
      const observed = observeSignalWithStart(client.connection);
      const handle = await new WorkflowClient({
        ...client.workflow.options,
        connection: observed.connection,
      }).signalWithStart(workflowType, {
        ...options,
        workflowId,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        signal: reportSignal,
        signalArgs: [report],
      });
      const runId = handle.signaledRunId;
      return { workflowId, runId, incidentId: runId, joined: !observed.started() };
    });
  } catch (error) {
    throw deliveryProblem(error);
  }
}

/** A dry run must not be counted on the incident that it asks about, so it has an id of its own. */
async function startDryRun(
  client: Client,
  options: { taskQueue: string; args: Report[]; staticSummary: string },
): Promise<DeliveredReport> {
  const workflowId = `dry-run/${randomUUID()}`;
  const handle = await client.workflow.start(workflowType, { ...options, workflowId });
  const runId = handle.firstExecutionRunId;
  return { workflowId, runId, incidentId: runId, joined: false };
}
