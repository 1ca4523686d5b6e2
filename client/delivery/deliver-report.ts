import { randomUUID } from 'node:crypto';
import { WorkflowClient, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { CompiledRules } from '../../domain/report/classify.ts';
import type { Estate } from '../../domain/estate.ts';
import type { Report } from '../../domain/report/report.ts';
import { reportSignal, reportsSignal } from '../../workflows/messages.ts';
import { callTemporal } from './call-temporal.ts';
import { lineTo, type DeliveredReport } from './report-batcher.ts';
import { observeSignalWithStart } from './observed-connection.ts';
import { placeKnown } from './classify-cached.ts';
import { healWorkflowId, workflowTypes } from '../../domain/workflow-ids.ts';

/** What every delivery needs: the way to Temporal, and the files by which a failure is told from another. */
export interface DeliveryContext {
  client: Client;
  taskQueue: string;
  rules: CompiledRules;
  estate: Estate;
  /** For one call to Temporal, in ms; default 5000. */
  timeoutMs?: number;
}

const workflowType = workflowTypes.heal;
const defaultTimeoutMs = 5000;

/** The workflow id of a failure's incident. */
export const incidentWorkflowId = (
  report: Report,
  context: Pick<DeliveryContext, 'rules' | 'estate'>,
): string => healWorkflowId(placeKnown(report, context).classification.fingerprint);

/**
 * Hands a report over: it opens the incident of its fingerprint, or joins the one that is open. Secrets are removed
 * before it leaves the process. A report with a `reportId` may be sent again: it counts once.
 * @throws DeliveryProblem
 */
export async function deliverReport(context: DeliveryContext & { report: Report }): Promise<DeliveredReport> {
  const { client, timeoutMs = defaultTimeoutMs } = context;
  const placed = placeKnown(
    { ...context.report, reportId: context.report.reportId ?? randomUUID() },
    context,
  );
  const { report } = placed;
  const workflowId = healWorkflowId(placed.classification.fingerprint);
  const earlierIds = (placed.classification.earlier ?? []).map(healWorkflowId);
  const deadlineMs = Date.now() + timeoutMs;
  if (report.dryRun === true) return callTemporal(client, () => startDryRun(context, report), deadlineMs);
  return lineTo(client, workflowId).deliver(report, deadlineMs, {
    open: (first, untilMs) =>
      callTemporal(
        client,
        async () =>
          (await joinEarlier(client, earlierIds, first)) ?? (await openOrJoin(context, workflowId, first)),
        untilMs,
      ),
    join: (runId, reports, untilMs) =>
      callTemporal(client, () => joinAny(client, [workflowId, ...earlierIds], runId, reports), untilMs),
  });
}

const startOptions = ({ taskQueue }: DeliveryContext, report: Report) => ({
  taskQueue,
  args: [report],
  staticSummary: report.error.message.slice(0, 150),
});

/** An incident that an earlier version of the fingerprint opened is joined: an update must not split it. */
async function joinEarlier(
  client: Client,
  earlierIds: readonly string[],
  report: Report,
): Promise<DeliveredReport | null> {
  for (const workflowId of earlierIds) {
    if (!(await join(client, { workflowId, runId: undefined, reports: [report] }))) continue;
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    return { workflowId, runId, incidentId: runId, joined: true };
  }
  return null;
}

/** One call, whether the incident is open or not. */
async function openOrJoin(
  context: DeliveryContext,
  workflowId: string,
  report: Report,
): Promise<DeliveredReport> {
  const { client } = context;
  const observed = observeSignalWithStart(client.connection);
  const { options } = client.workflow;
  const handle = await new WorkflowClient({ ...options, connection: observed.connection }).signalWithStart(
    workflowType,
    {
      ...startOptions(context, report),
      workflowId,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      signal: reportSignal,
      signalArgs: [report],
    },
  );
  const runId = handle.signaledRunId;
  return { workflowId, runId, incidentId: runId, joined: !observed.started() };
}

/** A run is known by its id; which of the ids it stands under tells the call that finds it. */
async function joinAny(
  client: Client,
  workflowIds: readonly string[],
  runId: string,
  reports: Report[],
): Promise<boolean> {
  for (const workflowId of workflowIds) {
    if (await join(client, { workflowId, runId, reports })) return true;
  }
  return false;
}

/** @returns false where this run of the incident has closed, or, without a run, where none is open */
async function join(
  client: Client,
  { workflowId, runId, reports }: { workflowId: string; runId: string | undefined; reports: Report[] },
): Promise<boolean> {
  const incident = client.workflow.getHandle(workflowId, runId);
  const [report, ...more] = reports;
  if (report === undefined) return true;
  try {
    if (more.length === 0) await incident.signal(reportSignal, report);
    else await incident.signal(reportsSignal, reports);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** A dry run must not be counted on the incident that it asks about, so it has an id of its own. */
async function startDryRun(context: DeliveryContext, report: Report): Promise<DeliveredReport> {
  const workflowId = `dry-run/${randomUUID()}`;
  const handle = await context.client.workflow.start(workflowType, {
    ...startOptions(context, report),
    workflowId,
  });
  const runId = handle.firstExecutionRunId;
  return { workflowId, runId, incidentId: runId, joined: false };
}
