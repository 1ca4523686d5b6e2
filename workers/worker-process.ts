import { ownFolder } from '../files/own-folder.ts';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { readAddresses } from '../settings/addresses.ts';
import { programVersion } from '../settings/program-version.ts';
import { createAnsweringWorker } from './answering-worker.ts';
import { readConfig, type Config } from '../settings/settings.ts';
import { createAutoHealWorker } from './create-worker.ts';
import { createLog } from './log.ts';
import { freeLoopbackPort } from './metrics/serve-metrics.ts';
import { openWorkerMetrics } from './metrics/worker-metrics.ts';
import { openActivities } from './open-activities.ts';
import { registerSearchAttributes } from './register-search-attributes.ts';
import { onShutdown } from './shutdown.ts';
import { connectWorker } from './temporal-connection.ts';
import { databaseUrlOf } from './database-url.ts';
import { openClient } from '../client/connect.ts';
import { dataConverterOf } from '../client/payload-codec.ts';
import { workflowBundle } from './workflow-bundle.ts';
import { embeddingWorkflowId, workflowTypes } from '../domain/workflow-ids.ts';

/**
 * The worker process: polls the task queue until it is told to stop.
 * @param options.endWithParent stop as well when standard input ends: whoever started it is gone
 * @returns the exit code
 */
export async function runWorker(options: { endWithParent?: boolean } = {}): Promise<number> {
  const config = readConfig();
  const log = createLog(config);
  let shutDown = (): void => process.exit(1);
  if (options.endWithParent === true) endWithParent(() => shutDown());
  const corePort = config.AUTOHEAL_METRICS_ADDR === undefined ? null : await freeLoopbackPort();
  installRuntime(config, corePort);
  await ownFolder(config.home);
  const embedded = readAddresses(config.home);
  const opened = await openActivities(
    {
      ...config,
      estateFile: config.estateFile ?? embedded?.estateFile ?? null,
      databaseUrl: databaseUrlOf(config),
      temporalUiUrl: config.AUTOHEAL_TEMPORAL_UI ?? embedded?.temporalUi ?? null,
    },
    { log: (line, broken) => (broken ? log.error(line) : log.info(line)) },
  );
  const { connection, namespace } = await connectWorker(config, (line) => log.warn(line));
  const temporal = openClient(config);
  await prepareTemporal(temporal.client, namespace, config, log);
  const encryption = dataConverterOf(config);
  const identity = `${process.pid}@${hostname()}`;
  const place = {
    ...encryption,
    ...{ connection, namespace, identity, taskQueue: config.AUTOHEAL_TASK_QUEUE },
  };
  const startedAt = new Date().toISOString();
  const answering = await createAnsweringWorker({
    ...place,
    describe: () => ({ identity, startedAt, version: programVersion, estate: opened.followed.inForce }),
  });
  const worker = await createAutoHealWorker({
    ...place,
    activities: opened.activities,
    workflowBundle: await workflowBundle(join(config.home, 'cache'), encryption.dataConverter),
  });
  shutDown = () => worker.shutdown();
  const metrics = await openWorkerMetrics({
    config,
    corePort,
    client: temporal.client,
    identity,
    database: opened.database,
  });
  const stop = onShutdown(log, {
    what: 'Finishing running remote commands (at most 45 s); everything else goes on durably on another worker or at the next start.',
    begin: () => worker.shutdown(),
  });
  log.info(`Worker polls ${config.AUTOHEAL_TASK_QUEUE} in namespace ${namespace}`);
  try {
    const answers = answering.run();
    await worker.run();
    answering.shutdown();
    await answers;
  } finally {
    stop();
    await metrics.close();
    await opened.close();
    await temporal.close();
    await connection.close();
  }
  log.info('Worker stopped; nothing is lost');
  return 0;
}

/** The parent is gone, and mostly Temporal with it: what does not end by then never will. */
const orphanMs = 60_000;

function endWithParent(shutDown: () => void): void {
  process.stdin.on('end', () => {
    shutDown();
    setTimeout(() => process.exit(1), orphanMs).unref();
  });
  process.stdin.resume();
}

function installRuntime(config: Config, corePort: number | null): void {
  Runtime.install({
    logger: new DefaultLogger(config.AUTOHEAL_LOG_LEVEL === 'debug' ? 'DEBUG' : 'WARN'),
    shutdownSignals: [],
    ...(corePort === null ? {} : { telemetryOptions: { metrics: { prometheus: prometheusOf(corePort) } } }),
  });
}

/** Seconds, from a restart over a warm connection to a wait of a day. */
const healBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400];

const prometheusOf = (port: number) => ({
  bindAddress: `127.0.0.1:${port}`,
  histogramBucketOverrides: {
    autoheal_heal_duration_seconds: healBuckets,
    autoheal_time_to_tell_seconds: healBuckets,
  },
});

async function prepareTemporal(
  client: Client,
  namespace: string,
  config: Config,
  log: ReturnType<typeof createLog>,
): Promise<void> {
  try {
    const added = await registerSearchAttributes(client.connection, namespace);
    if (added.length > 0) log.info(`Registered the search attributes ${added.join(', ')}`);
  } catch (error) {
    const how = added(namespace);
    log.error(`Search attributes could not be registered (${String(error)}). ${how}`);
    throw error;
  }
  await client.workflow.start(workflowTypes.embedding, {
    workflowId: embeddingWorkflowId,
    taskQueue: config.AUTOHEAL_TASK_QUEUE,
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'vectorises what was learnt',
  });
}

const added = (namespace: string): string =>
  `Register them by hand (temporal operator search-attribute create --namespace ${namespace} --name AutoHealStatus --type Keyword, and so on), then start again.`;
