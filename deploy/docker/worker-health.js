import { hostname } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/**
 * The worker container's health check: healthy when Temporal itself saw a worker of this container poll the task
 * queue lately. A process that is there but no longer polls heals nothing and would otherwise go unnoticed.
 *
 * Usage: node deploy/docker/worker-health.js TASK_QUEUE. Exit code 0 healthy, 1 not; the reason in one line.
 */

/** A long poll ends after a minute, so a worker that is alive is seen at least this often. */
const seenWithinMs = 150_000;
const workflowTasks = 1;

const taskQueue = process.argv[2] ?? 'autoheal';

const lastSeenMs = async () => {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '10s' });
  try {
    const client = new Client({ connection, ...(namespace ? { namespace } : {}) });
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: workflowTasks,
    });
    const ours = (pollers ?? []).filter((poller) => poller.identity?.includes(hostname()));
    return Math.max(0, ...ours.map((poller) => Number(poller.lastAccessTime?.seconds ?? 0) * 1000));
  } finally {
    await connection.close();
  }
};

try {
  const seen = await lastSeenMs();
  const agoSec = Math.round((Date.now() - seen) / 1000);
  if (Date.now() - seen > seenWithinMs) {
    const when = seen === 0 ? 'never' : `${agoSec} s ago`;
    throw new Error(`the worker of ${hostname()} last polled "${taskQueue}" ${when}: see its log`);
  }
  console.log(`polled "${taskQueue}" ${agoSec} s ago`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
