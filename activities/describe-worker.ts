/** What a worker goes by, told by itself. */
export interface WorkerDescription {
  identity: string;
  version: string;
  /** ISO 8601: when the process began to poll. */
  startedAt: string;
  estate: {
    file: string | null;
    /** Of the content in force; null where there is no file. */
    hash: string | null;
    since: string;
    /** Why the file's present content is not in force. */
    problem: string | null;
  };
}

/** The activity `describeWorker`: each worker serves it on a queue of its own (`workerQueue`), so that each can be asked. */
export const createDescribeWorker = (describe: () => WorkerDescription) => ({
  describeWorker: async (): Promise<WorkerDescription> => describe(),
});

export type DescribeWorker = ReturnType<typeof createDescribeWorker>;
