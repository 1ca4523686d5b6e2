import type { Client, Connection } from '@temporalio/client';
import { openClient } from '../../client/connect.ts';
import { estateFileOf } from '../../settings/load-rules.ts';
import { deliveryProblem } from '../../client/delivery/delivery-problem.ts';
import { searchAttributeNames } from '../../domain/incident/search-attributes.ts';
import type { Config } from '../../settings/settings.ts';
import { checkWorkers } from './check-workers.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const timeoutMs = 5000;

/** Temporal: reachable, its namespace and search attributes there, and somebody at work. */
export async function checkTemporal(config: Config): Promise<Finding[]> {
  try {
    const opened = openClient(config);
    try {
      return await lookAt(opened.client, opened.address, config);
    } finally {
      await opened.close();
    }
  } catch (error) {
    const { message } = deliveryProblem(error);
    return [
      fail(
        'temporal',
        message,
        'Reports are kept in the spool meanwhile; nothing is healed until Temporal is back.',
      ),
    ];
  }
}

async function lookAt(client: Client, address: string, config: Config): Promise<Finding[]> {
  const { namespace } = client.options;
  const connection = client.connection as Connection;
  const { workflowService, operatorService } = connection;
  const call = <T>(ask: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + timeoutMs, ask);
  await call(() => workflowService.describeNamespace({ namespace }));
  const { serverVersion } = await call(() => workflowService.getSystemInfo({}));
  const found = [ok('temporal', `answers at ${address}, namespace ${namespace}, server ${serverVersion}`)];
  const { customAttributes } = await call(() => operatorService.listSearchAttributes({ namespace }));
  const missing = searchAttributeNames.filter((name) => !Object.hasOwn(customAttributes ?? {}, name));
  found.push(
    missing.length === 0
      ? ok('search attributes', 'registered')
      : warn('search attributes', `missing: ${missing.join(', ')}`, 'Start a worker: it registers them.'),
  );
  found.push(...(await checkWorkers(client, config.AUTOHEAL_TASK_QUEUE, estateFileOf(config))));
  return found;
}
