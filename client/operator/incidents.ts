import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { ackSignal, decideUpdate, type Approval, type IncidentMemo } from '../../workflows/messages.ts';
import { callTemporal } from '../delivery/call-temporal.ts';
import { isHealWorkflow, workflowTypes } from '../../domain/workflow-ids.ts';

/** An open incident as Temporal's list shows it: at hand also while the database is away. */
export interface OpenIncident {
  id: string;
  workflowId: string;
  status: string | null;
  errorType: string | null;
  severity: string | null;
  target: string | null;
  task: string | null;
  playbook: string | null;
  firstSeenAt: string;
}

const timeoutMs = 10_000;

const calling = <T>(client: Client, ask: () => Promise<T>): Promise<T> =>
  callTemporal(client, ask, Date.now() + timeoutMs);

/**
 * The open incidents, the newest first.
 * @throws DeliveryProblem
 */
export async function listOpenIncidents(client: Client, limit: number): Promise<OpenIncident[]> {
  return calling(client, async () => {
    const open: OpenIncident[] = [];
    const query = `WorkflowType = '${workflowTypes.heal}' AND ExecutionStatus = 'Running'`;
    for await (const run of client.workflow.list({ query, pageSize: Math.min(limit, 200) })) {
      // A front waits for the incident that it stands before.
      if (isHealWorkflow(run.workflowId)) open.push(openIncident(run));
      if (open.length >= limit) break;
    }
    return open;
  });
}

/**
 * Finds the run of an incident by its id, or by its workflow's.
 * @returns null where Temporal knows none (any more)
 * @throws DeliveryProblem
 */
export async function findIncident(
  client: Client,
  id: string,
): Promise<{ workflowId: string; runId: string } | null> {
  return calling(client, async () => {
    if (isHealWorkflow(id)) return describe(client, id);
    if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) return null;
    for await (const run of client.workflow.list({ query: `RunId = '${id.toLowerCase()}'` })) {
      if (run.status.name !== 'CONTINUED_AS_NEW') return run;
      // It may have gone on as another run, or that may be the next incident's.
      const latest = await client.workflow.getHandle(run.workflowId).describe();
      return incidentIdOf(latest) === run.runId ? latest : run;
    }
    return null;
  });
}

/**
 * Hands a person's decision to the incident that asked for it. Whether it counts is the incident's to say: only an
 * active admin, only with the one-use code, only once.
 * @throws DeliveryProblem
 */
export async function decideIncident(
  client: Client,
  { id, ...approval }: Approval & { id: string },
): Promise<{ accepted: boolean; reason: string }> {
  const incident = await findIncident(client, id);
  if (incident === null) return { accepted: false, reason: `there is no incident ${id}` };
  const { workflowId, runId } = incident;
  return calling(client, async () => {
    try {
      return await client.workflow
        .getHandle(workflowId, runId)
        .executeUpdate(decideUpdate, { args: [approval] });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError)
        return { accepted: false, reason: `the incident ${id} is over` };
      if (error instanceof WorkflowUpdateFailedError)
        return { accepted: false, reason: error.cause?.message ?? error.message };
      throw error;
    }
  });
}

/**
 * Tells an incident that a person has taken it over: repeats stop, and the others are told.
 * @returns false where it is not open
 * @throws DeliveryProblem
 */
export async function acknowledgeIncident(
  client: Client,
  { id, by }: { id: string; by: string },
): Promise<boolean> {
  const incident = await findIncident(client, id);
  if (incident === null) return false;
  const { workflowId, runId } = incident;
  return calling(client, async () => {
    try {
      await client.workflow.getHandle(workflowId, runId).signal(ackSignal, { by });
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  });
}

async function describe(
  client: Client,
  workflowId: string,
): Promise<{ workflowId: string; runId: string } | null> {
  try {
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    return { workflowId, runId };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** The first run's id: a later one has it in its memo. */
function incidentIdOf({ runId, memo }: { runId: string; memo?: object | undefined }): string {
  const { incidentId }: Partial<IncidentMemo> = memo ?? {};
  return incidentId === undefined || incidentId === '' ? runId : incidentId;
}

function openIncident({
  workflowId,
  runId,
  startTime,
  searchAttributes,
  memo,
}: WorkflowExecutionInfo): OpenIncident {
  const attribute = (name: string): string | null => {
    const value = searchAttributes[`AutoHeal${name}`]?.[0];
    return typeof value === 'string' ? value : null;
  };
  return {
    id: incidentIdOf({ runId, memo }),
    workflowId,
    status: attribute('Status'),
    errorType: attribute('ErrorType'),
    severity: attribute('Severity'),
    target: attribute('Target'),
    task: attribute('Task'),
    playbook: attribute('Playbook'),
    firstSeenAt: startTime.toISOString(),
  };
}
