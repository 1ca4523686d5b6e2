import type { Client } from '@temporalio/client';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Database } from '../../activities/gateways/postgres/database.ts';
import type { Config } from '../../settings/settings.ts';
import { watchBacklog } from './backlog.ts';
import { watchPolls } from './poll-watch.ts';
import { serveMetrics } from './serve-metrics.ts';

/** What a worker serves at AUTOHEAL_METRICS_ADDR; nothing where that is not set. */
export async function openWorkerMetrics(options: {
  config: Config;
  /** Where the SDK serves its own numbers, on loopback. */
  corePort: number | null;
  client: Client;
  identity: string;
  database: Database;
}): Promise<{ close: () => Promise<void> }> {
  const { config, corePort, client, identity, database } = options;
  const address = config.AUTOHEAL_METRICS_ADDR;
  if (address === undefined) return { close: () => Promise.resolve() };
  const registry = new Registry();
  const polls = watchPolls({ client, taskQueue: config.AUTOHEAL_TASK_QUEUE, identity, registry });
  const backlog = watchBacklog({ client, database, registry });
  collectDefaultMetrics({ register: registry });
  const coreUrl = corePort === null ? null : `http://127.0.0.1:${corePort}/metrics`;
  const server = await serveMetrics({ address, registry, coreUrl, wellness: polls.wellness });
  return {
    async close() {
      polls.stop();
      backlog.stop();
      await server.close();
    },
  };
}
