import { workflowInfo } from '@temporalio/workflow';
import type { WorkerDescription } from '../activities/describe-worker.ts';
import { workerQueue } from '../domain/worker-queue.ts';
import { describing } from './proxies.ts';

/** What a worker said, or null where it gave no answer in time. */
export interface WorkerAnswer {
  identity: string;
  description: WorkerDescription | null;
}

/** Asks each of the given workers what it goes by: `doctor` compares it with what the files say. */
export async function AskWorkersWorkflow({ identities }: { identities: string[] }): Promise<WorkerAnswer[]> {
  const { taskQueue } = workflowInfo();
  return Promise.all(
    identities.map((identity) =>
      describing(workerQueue(taskQueue, identity))
        .describeWorker()
        .then(
          (description): WorkerAnswer => ({ identity, description }),
          (): WorkerAnswer => ({ identity, description: null }),
        ),
    ),
  );
}
