import { hostname } from 'node:os';
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { HandedOver } from './deliver-or-spool.ts';
import type { Session } from '../session.ts';
import type { RetryLeaseWorkflow } from '../../workflows/retry-lease.ts';
import { retryLeaseWorkflowId, workflowTypes } from '../../domain/workflow-ids.ts';

/** A holder renews three times in this time; not heard of for so long, it counts as gone. */
const silenceMs = 60_000;
const renewEveryMs = silenceMs / 3;
/** Whoever waited for the same recovery hears of it within `slowestPollMs` of wait-for-verdict, and asks in this time. */
const lingerMs = 10_000;
const askWithinMs = 3000;

/** Whether this program may run its failed task again. */
export type RetryLease =
  | {
      kind: 'ours';
      /** To be called when the task has ended for good, however it went. Never throws. */
      release(): Promise<void>;
    }
  /** `holder`: who runs it, or has run it, in words. */
  | { kind: 'taken'; holder: string };

export interface RetryOf {
  client: Client;
  taskQueue: string;
  /** The run of the incident whose end lets the task run again. */
  incident: { workflowId: string; runId: string };
  task: string;
  target: string | undefined;
}

/**
 * Takes the right to run a task again after a recovery: one program has it for each task and target, however many
 * were waiting. With Temporal away the task just runs. Never throws.
 */
export async function takeRetryLease(retry: RetryOf): Promise<RetryLease> {
  try {
    const holder = await holderSince(retry);
    return holder === null ? await take(retry) : { kind: 'taken', holder };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      return { kind: 'taken', holder: await holderNow(retry) };
    return free;
  }
}

/**
 * The same for a report that was handed over.
 * @param handed what became of the report of the failure that is to be tried again
 */
export async function mayRunAgain(
  session: Session,
  { workflowId, runId }: HandedOver,
  { task, target }: { task: string; target: string | undefined },
): Promise<RetryLease> {
  const context = await session.context().catch(() => null);
  if (context === null || workflowId === undefined || runId === undefined) return free;
  const { client, taskQueue } = context;
  return takeRetryLease({ client, taskQueue, incident: { workflowId, runId }, task, target });
}

/** For people: why a task is not run again. */
export const takenInWords = (task: string, holder: string): string =>
  `give_up: ${task} is run again by ${holder}; one retry is enough.`;

const free: RetryLease = { kind: 'ours', release: async () => undefined };

/** The workflow's id: one for each task and target. */
export const retryLeaseId = ({ task, target }: Pick<RetryOf, 'task' | 'target'>): string =>
  retryLeaseWorkflowId(task, target);

const within = <T>(client: Client, ask: () => Promise<T>): Promise<T> =>
  client.withDeadline(Date.now() + askWithinMs, ask);

async function take(retry: RetryOf): Promise<RetryLease> {
  const { client, taskQueue, task } = retry;
  const holder = `${hostname()}, process ${process.pid}`;
  const handle = await within(client, () =>
    client.workflow.start<typeof RetryLeaseWorkflow>(workflowTypes.retryLease, {
      workflowId: retryLeaseId(retry),
      taskQueue,
      args: [{ silenceMs, lingerMs }],
      memo: { holder },
      staticSummary: `${task} runs again: ${holder}`,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
    }),
  );
  const say = (signal: 'renew' | 'done'): Promise<void> =>
    within(client, () => handle.signal(signal)).catch(() => undefined);
  const renewal = setInterval(() => void say('renew'), renewEveryMs);
  renewal.unref();
  return {
    kind: 'ours',
    async release() {
      clearInterval(renewal);
      await say('done');
    },
  };
}

/**
 * Who has the right now, or had it since the incident began: then the task has run again already. Both times are the
 * server's, so no two clocks are compared.
 * @returns null where nobody had it, or who had it was lost
 */
async function holderSince(retry: RetryOf): Promise<string | null> {
  const { client, incident } = retry;
  const lease = await describe(client, retryLeaseId(retry));
  if (lease === null || lease.status.name === 'FAILED') return null;
  if (lease.status.name === 'RUNNING') return holderIn(lease);
  const begun = await describe(client, incident.workflowId, incident.runId);
  const isSince = begun !== null && lease.closeTime !== undefined && lease.closeTime > begun.startTime;
  return isSince ? holderIn(lease) : null;
}

const holderNow = async (retry: RetryOf): Promise<string> => {
  const lease = await describe(retry.client, retryLeaseId(retry)).catch(() => null);
  return lease === null ? unnamed : holderIn(lease);
};

const unnamed = 'another program';

const holderIn = ({ memo }: WorkflowExecutionDescription): string =>
  typeof memo?.['holder'] === 'string' ? memo['holder'] : unnamed;

async function describe(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | null> {
  try {
    return await within(client, () => client.workflow.getHandle(workflowId, runId).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
