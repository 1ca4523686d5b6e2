import { Worker, type NativeConnection } from '@temporalio/worker';
import type { DataConverter } from '@temporalio/common';
import { createDescribeWorker, type WorkerDescription } from '../activities/describe-worker.ts';
import { workerQueue } from '../domain/worker-queue.ts';

/** Beside the worker that heals, in the same process: answers what it goes by, on a queue of its own. */
export function createAnsweringWorker(options: {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  identity: string;
  dataConverter?: DataConverter;
  describe: () => WorkerDescription;
}): Promise<Worker> {
  const { describe, ...rest } = options;
  return Worker.create({
    ...rest,
    taskQueue: workerQueue(options.taskQueue, options.identity),
    activities: createDescribeWorker(describe),
    maxConcurrentActivityTaskExecutions: 2,
    maxConcurrentActivityTaskPolls: 1,
  });
}
