import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import { inject } from 'vitest';
import { dataConverterOf } from '../../client/payload-codec.ts';
import { startLab, type Lab, type LabOptions } from '../../lab/lab.ts';
import { readConfig, type Config } from '../../settings/settings.ts';
import { createAutoHealWorker } from '../../workers/create-worker.ts';
import { openActivities } from '../../workers/open-activities.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { startBotApi, type BotApi } from './bot-api.ts';
import { testDatabase } from './shared-postgres.ts';
import { cacheDir } from './cache-dir.ts';
import { connectTo, makeNamespace } from './temporal.ts';

/** A whole AutoHeal for one test file: a namespace of its own, a lab, a database, a Bot API, one worker in this process. */
export interface World {
  client: Client;
  taskQueue: string;
  namespace: string;
  lab: Lab;
  botApi: BotApi;
  databaseUrl: string;
  config: Config;
  home: string;
  /** Rows of the world's database. */
  rows<T extends object>(sql: string, params?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

export interface WorldOptions {
  lab?: Omit<LabOptions, 'dir'>;
  environment?: Record<string, string>;
  /** Default: the shared server. */
  temporalAddress?: string;
  databaseUrl?: string;
}

/** Each message by itself and at once: what a test counts is not put together. */
export const unhurried = { digestAfter: 1_000_000, groupMessagesPerMin: 1_000_000 };

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'ah-'));
  const address = options.temporalAddress ?? inject('temporalAddress');
  const [lab, botApi, databaseUrl] = await Promise.all([
    startLab({
      ...options.lab,
      estate: { notify: unhurried, ...options.lab?.estate },
      dir: join(home, 'lab'),
    }),
    startBotApi(),
    options.databaseUrl ?? testDatabase(),
  ]);
  const taskQueue = `autoheal-${randomUUID().slice(0, 8)}`;
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const config = readConfig({
    AUTOHEAL_HOME: home,
    AUTOHEAL_ESTATE: lab.estateFile,
    AUTOHEAL_TASK_QUEUE: taskQueue,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TELEGRAM_BOT_TOKEN: botApi.token,
    TELEGRAM_API_ROOT: botApi.root,
    ...options.environment,
  });
  await makeNamespace(address, namespace);
  const connected = await connectTo(address, namespace, config);
  const { client, native } = connected;
  const opened = await openActivities({ ...config, databaseUrl, temporalUiUrl: 'http://127.0.0.1:8233' });
  const encryption = dataConverterOf(config);
  const worker = await createAutoHealWorker({
    ...encryption,
    connection: native,
    namespace,
    taskQueue,
    activities: opened.activities,
    workflowBundle: await workflowBundle(cacheDir, encryption.dataConverter),
  });
  const running = worker.run();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 3 });
  pool.on('error', () => undefined);
  return {
    client,
    taskQueue,
    namespace,
    lab,
    botApi,
    databaseUrl,
    config,
    home,
    async rows<T extends object>(sql: string, params: unknown[] = []) {
      return (await pool.query<T>(sql, params)).rows;
    },
    async close() {
      worker.shutdown();
      await running;
      await opened.close();
      await pool.end();
      await connected.close();
      await Promise.all([lab.close(), botApi.close()]);
      await rm(home, { recursive: true, force: true });
    },
  };
}
