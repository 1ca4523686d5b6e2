/** The task queue on which one worker alone answers. @param identity as Temporal names the poller */
export const workerQueue = (taskQueue: string, identity: string): string => `${taskQueue}/worker/${identity}`;
