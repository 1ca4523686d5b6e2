import type { Client, Connection } from '@temporalio/client';

/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API. */
const workflowQueue = 1;

/** A long poll ends after a minute, so a worker that is alive is seen at least this often. */
export const pollsWithinMs = 150_000;

export interface Poller {
  identity: string;
  /** How long ago Temporal saw it last. */
  agoMs: number;
}

/** Who polled the task queue, the latest first, as Temporal keeps it: for five minutes. */
export async function pollersOf(client: Client, taskQueue: string, timeoutMs = 5000): Promise<Poller[]> {
  const { namespace } = client.options;
  const { workflowService } = client.connection as Connection;
  const { pollers } = await client.withDeadline(Date.now() + timeoutMs, () =>
    workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: workflowQueue,
    }),
  );
  const newest = new Map<string, number>();
  for (const { identity, lastAccessTime } of pollers ?? []) {
    if (identity === null || identity === undefined) continue;
    const agoMs = Math.max(0, Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000);
    newest.set(identity, Math.min(agoMs, newest.get(identity) ?? Infinity));
  }
  return [...newest].map(([identity, agoMs]) => ({ identity, agoMs })).sort((a, b) => a.agoMs - b.agoMs);
}
