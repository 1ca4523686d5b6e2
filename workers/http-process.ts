import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { Registry } from 'prom-client';
import { createIncidentReader } from '../activities/read-incidents.ts';
import { openDatabase, type Database } from '../activities/gateways/postgres/database.ts';
import { closeCause } from '../client/delivery/resolve-alert.ts';
import { openClient } from '../client/connect.ts';
import { deliverReport, type DeliveryContext } from '../client/delivery/deliver-report.ts';
import { drainSpool } from '../client/spool/drain.ts';
import { estateFileOf, playbookFolders } from '../settings/load-rules.ts';
import { waitForVerdict } from '../client/delivery/wait-for-verdict.ts';
import { followEstate, lastGoodEstate } from '../settings/follow-estate.ts';
import { readPlaybooks } from '../settings/read-playbooks.ts';
import { readConfig, type Config } from '../settings/settings.ts';
import { databaseUrlOf } from './database-url.ts';
import { createApp } from './http/app.ts';
import { createHttpMetrics } from './http/metrics.ts';
import type { Deliver, Health } from './http/ports.ts';
import { serveHttp } from './http/serve.ts';
import { createLog } from './log.ts';
import { onShutdown } from './shutdown.ts';

const spoolEveryMs = 5000;

/** The HTTP service: takes reports and answers for incidents until it is told to stop. @returns the exit code */
export async function runHttp(options: { endWithParent?: boolean } = {}): Promise<number> {
  const config = readConfig();
  const log = createLog(config);
  const { rules } = readPlaybooks(playbookFolders(config));
  const followed = followEstate({
    file: estateFileOf(config),
    lastGoodFile: lastGoodEstate(config.home),
    emptyAtWorst: true,
    log: (line, broken) => (broken ? log.error(line) : log.info(line)),
  });
  const temporal = openClient(config);
  const { client } = temporal;
  const context: DeliveryContext = {
    client,
    taskQueue: config.AUTOHEAL_TASK_QUEUE,
    rules,
    get estate() {
      return followed.estate;
    },
  };
  const database = openDatabase({ url: databaseUrlOf(config), maxConnections: 4 });
  const app = createApp({
    deliver: deliverTo(context),
    incidents: createIncidentReader({ database }),
    health: healthOf(client, database),
    token: config.AUTOHEAL_API_TOKEN ?? null,
    ...(config.AUTOHEAL_SENTRY_SECRET === undefined ? {} : { sentrySecret: config.AUTOHEAL_SENTRY_SECRET }),
    places: {
      get hosts() {
        return followed.estate.hosts;
      },
      get targets() {
        return followed.estate.targets;
      },
    },
    metrics: createHttpMetrics(new Registry()),
    log: (message, error) => log.error({ err: error }, message),
  });
  const server = await serveHttp({ app, host: config.http.host, port: config.http.port });
  log.info(`HTTP service at ${server.url}`);
  const spool = setInterval(() => void deliverSpool(config, context, (line) => log.warn(line)), spoolEveryMs);
  await new Promise<void>((resolve) => {
    onShutdown(log, { what: 'Requests under way are finished (at most 10 s).', begin: resolve });
    if (options.endWithParent === true) process.stdin.on('end', resolve).resume();
  });
  clearInterval(spool);
  followed.stop();
  await server.close({ graceMs: 10_000 });
  await database.close();
  await temporal.close();
  return 0;
}

/** The way to Temporal as the service's routes know it. */
export function deliverTo(context: DeliveryContext): Deliver {
  const { client } = context;
  return {
    async report({ report, waitSec }) {
      const { workflowId, incidentId, joined, runId } = await deliverReport({ ...context, report });
      if (waitSec === undefined || waitSec === 0) return { workflowId, incidentId, joined };
      const result = await waitForVerdict({ client, workflowId, runId, waitMs: waitSec * 1000 });
      return { workflowId, incidentId, joined, ...(result === null ? {} : { result }) };
    },
    close: ({ report }) => closeCause({ ...context, report }),
  };
}

function healthOf(client: Client, database: Database): Health {
  return async () => {
    const [temporal, records] = await Promise.all([
      client
        .withDeadline(Date.now() + 2000, () => client.connection.workflowService.getSystemInfo({}))
        .then(
          () => ({ ok: true, required: true, detail: 'answers' }),
          () => ({ ok: false, required: true, detail: 'Temporal does not answer' }),
        ),
      database.query('SELECT 1', [], { timeoutMs: 1000 }).then((result) => ({
        ok: result.ok,
        required: false,
        detail: result.ok ? 'answers' : result.message,
      })),
    ]);
    return { temporal, database: records };
  };
}

async function deliverSpool(
  config: Config,
  context: DeliveryContext,
  say: (line: string) => void,
): Promise<void> {
  const dir = join(config.home, 'spool');
  const drained = await drainSpool({
    dir,
    deliver: (report) => deliverReport({ ...context, report }),
    log: say,
  });
  if (drained.delivered > 0) say(`Delivered ${drained.delivered} report(s) from the spool`);
}
