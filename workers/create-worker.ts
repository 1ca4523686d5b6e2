import type { DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkflowBundle } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';

/**
 * A worker of AutoHeal's task queue. It gives running remote commands the time to end when it is shut down; what
 * does not end by then is settled by looking, by whoever goes on.
 */
export function createAutoHealWorker(options: {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  activities: Activities;
  workflowBundle: WorkflowBundle;
  /** Encrypts payloads, where a key is set; the bundle is made for it. */
  dataConverter?: DataConverter;
  identity?: string;
}): Promise<Worker> {
  return Worker.create({
    ...options,
    shutdownGraceTime: '45s',
    shutdownForceTime: '60s',
    // A dead worker's sticky runs go to another one after this long.
    stickyQueueScheduleToStartTimeout: '3s',
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentLocalActivityExecutions: 100,
    // A cancellation reaches a running command with its next heartbeat.
    maxHeartbeatThrottleInterval: '1s',
    // Verification and records of many incidents run beside one another; decisions are cheap.
    maxConcurrentWorkflowTaskExecutions: 40,
    // Bounds the worker's memory (docs/benchmarks.md): a run that waits for minutes is replayed when it wakes.
    maxCachedWorkflows: 100,
  });
}
