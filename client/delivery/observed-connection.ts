import type { Client } from '@temporalio/client';

type Connection = Client['connection'];

/**
 * The same connection, with an ear on one answer: whether a signalWithStart started a run or joined one is in the
 * server's answer (`started`), and the SDK's handle leaves it out. For one call.
 */
export function observeSignalWithStart(connection: Connection): {
  connection: Connection;
  started: () => boolean;
} {
  let started = false;
  const { workflowService } = connection;
  const signalWithStart = async (
    request: Parameters<typeof workflowService.signalWithStartWorkflowExecution>[0],
  ) => {
    const response = await workflowService.signalWithStartWorkflowExecution(request);
    started = response.started;
    return response;
  };
  const observed: Connection = {
    workflowService: Object.create(workflowService, {
      signalWithStartWorkflowExecution: { value: signalWithStart },
    }) as typeof workflowService,
    operatorService: connection.operatorService,
    plugins: connection.plugins,
    close: () => connection.close(),
    ensureConnected: () => connection.ensureConnected(),
    withDeadline: (deadline, run) => connection.withDeadline(deadline, run),
    withMetadata: (metadata, run) => connection.withMetadata(metadata, run),
    withAbortSignal: (signal, run) => connection.withAbortSignal(signal, run),
  };
  return { connection: observed, started: () => started };
}
