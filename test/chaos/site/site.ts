import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { unhurried } from '../../support/world.ts';
import { startLab, type Lab, type LabOptions } from '../../../lab/lab.ts';
import { workflowBundle } from '../../../workers/workflow-bundle.ts';
import { startBotApi, type BotApi } from '../../support/bot-api.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { cacheDir } from '../../support/cache-dir.ts';
import { Closers } from './closers.ts';
import { startPostgresProxy, type PostgresProxy } from './postgres-proxy.ts';
import { openRows, type Rows } from './rows.ts';
import { startTemporalProcess, type TemporalProcess } from './temporal-process.ts';
import { startWorkerChild, type WorkerChild } from './worker-child.ts';

/** A whole estate with AutoHeal beside it, every part a process or a server of its own that can be killed. */
export interface Site {
  readonly home: string;
  readonly taskQueue: string;
  readonly temporal: TemporalProcess;
  readonly client: Client;
  readonly postgres: TestPostgres;
  /** What the workers reach the database by. */
  readonly proxy: PostgresProxy;
  readonly lab: Lab;
  readonly botApi: BotApi;
  /** The workers' settings, for other commands. */
  readonly environment: Readonly<Record<string, string>>;
  /** Those that run now. */
  readonly workers: readonly WorkerChild[];
  startWorker(): Promise<WorkerChild>;
  /** Rows of the site's database, past the proxy. Waits for a database that is just starting. */
  readonly rows: Rows;
  close(): Promise<void>;
}

export interface SiteOptions {
  lab?: Omit<LabOptions, 'dir'>;
  /** How many workers run from the beginning; default 1. */
  workers?: number;
  /** Default: the product's worker. */
  program?: string;
  environment?: Readonly<Record<string, string>>;
  /** Statements for the database before any worker runs. */
  prepare?: readonly string[];
}

const taskQueue = 'autoheal';
const productWorker = join(import.meta.dirname, '..', 'worker-program.ts');

export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const closers = new Closers();
  try {
    return await open(options, closers);
  } catch (error) {
    await closers.close().catch(() => undefined);
    throw error;
  }
}

async function open(options: SiteOptions, closers: Closers): Promise<Site> {
  const home = await mkdtemp(join(tmpdir(), 'ah-site-'));
  closers.add(() => rm(home, { recursive: true, force: true }));
  // The workflow bundle is made once for all test runs.
  await mkdir(cacheDir, { recursive: true });
  await symlink(cacheDir, join(home, 'cache'));
  await workflowBundle(cacheDir);
  const temporal = await startTemporalProcess(join(home, 'temporal', 'temporal.sqlite'));
  closers.add(() => temporal.stop());
  const postgres = await startPostgres({ cacheDir });
  closers.add(() => postgres.close());
  const lab = await startLab({
    ...options.lab,
    estate: { notify: unhurried, ...options.lab?.estate },
    dir: join(home, 'lab'),
  });
  closers.add(() => lab.close());
  const botApi = await startBotApi();
  closers.add(() => botApi.close());
  const databaseUrl = await postgres.createDatabase();
  const { rows, close: closeRows } = openRows(databaseUrl);
  closers.add(closeRows);
  // What PostgreSQL says is committed has to outlive its being killed.
  await rows(`ALTER DATABASE ${new URL(databaseUrl).pathname.slice(1)} SET synchronous_commit = on`);
  for (const sql of options.prepare ?? []) await rows(sql);
  const proxy = await startPostgresProxy(databaseUrl);
  closers.add(() => proxy.close());
  const connection = await Connection.connect({ address: temporal.address });
  closers.add(() => connection.close());

  const workers: WorkerChild[] = [];
  closers.add(() => Promise.all(workers.map((worker) => worker.kill())));
  const environment = {
    AUTOHEAL_HOME: home,
    AUTOHEAL_ESTATE: lab.estateFile,
    AUTOHEAL_TASK_QUEUE: taskQueue,
    DATABASE_URL: proxy.via(databaseUrl),
    TEMPORAL_ADDRESS: temporal.address,
    TELEGRAM_BOT_TOKEN: botApi.token,
    TELEGRAM_API_ROOT: botApi.root,
    ...options.environment,
  };
  const startWorker = async (): Promise<WorkerChild> => {
    const worker = await startWorkerChild({ program: options.program ?? productWorker, environment });
    workers.push(worker);
    void worker.ended.then(() => workers.splice(workers.indexOf(worker), 1));
    return worker;
  };
  await Promise.all(Array.from({ length: options.workers ?? 1 }, startWorker));
  return {
    ...{ home, taskQueue, temporal, postgres, proxy, lab, botApi, environment, workers, startWorker, rows },
    client: new Client({ connection }),
    close: () => closers.close(),
  };
}
