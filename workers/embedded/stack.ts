import { join } from 'node:path';
import { migrate } from '../../activities/gateways/postgres/migrate.ts';
import { startLab, type Lab, type LabOptions } from '../../lab/lab.ts';
import { childEnvironment, type Config } from '../../settings/settings.ts';
import { migrationsDir } from '../migrate.ts';
import { startChild, type Child } from './child.ts';
import { findTemporal } from './temporal-binary.ts';
import { superviseTemporal } from './supervise-temporal.ts';
import type { EmbeddedTemporal } from './temporal-server.ts';

export interface StackOptions {
  config: Config;
  /** Ports to use; absent: any free ones. */
  ports?: { temporal: number; temporalUi: number; database: number };
  /** Where http listens; absent: where the configuration says. */
  httpAddr?: string;
  /** The children get nothing of this process's settings but `config`: a demo tells nobody but its own terminal. */
  isolated?: boolean;
  /** Where tools are cached, which may be shared by several state folders. */
  cacheDir: string;
  lab: Omit<LabOptions, 'dir'>;
  /** A line for each step of the start. */
  log: (line: string) => void;
  /** Lines of the worker and the like. */
  onLine: (name: string, line: string) => void;
}

export interface Stack {
  temporalAddress: string;
  temporalUi: string | null;
  databaseUrl: string;
  estateFile: string;
  /** Null where an estate file is configured. */
  lab: Lab | null;
  /** The environment that makes a child process part of this stack. */
  environment: Record<string, string>;
  startWorker(): Child;
  startHttp(): Child;
  startBot(): Child;
  stop(): Promise<void>;
}

/** The embedded default: what isn't configured is brought up here. Stops what it started when anything fails. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { config, log } = options;
  const stops: (() => Promise<unknown>)[] = [];
  const children: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    // What stands on Temporal and the database ends before they do.
    for (const together of [children, stops]) {
      const ends = together.splice(0).map((end) => end().catch((error: unknown) => log(String(error))));
      await Promise.all(ends);
    }
  };
  try {
    const [temporal, databaseUrl, lab] = await Promise.all([
      config.embeddedTemporal ? bringTemporal(options, stops) : null,
      config.DATABASE_URL ?? bringDatabase(options, stops),
      config.estateFile === null ? bringLab(options, stops) : null,
    ]);
    const estateFile = config.estateFile ?? lab?.estateFile ?? '';
    const temporalAddress = temporal?.address ?? config.TEMPORAL_ADDRESS ?? '';
    const temporalUi = config.AUTOHEAL_TEMPORAL_UI ?? temporal?.uiUrl ?? null;
    const settings = {
      AUTOHEAL_HOME: config.home,
      AUTOHEAL_LOCALE: config.AUTOHEAL_LOCALE,
      AUTOHEAL_TASK_QUEUE: config.AUTOHEAL_TASK_QUEUE,
      TEMPORAL_NAMESPACE: config.TEMPORAL_NAMESPACE,
      AUTOHEAL_ESTATE: estateFile,
      DATABASE_URL: databaseUrl,
      ...(temporal === null ? {} : { TEMPORAL_ADDRESS: temporalAddress }),
      ...(temporalUi === null ? {} : { AUTOHEAL_TEMPORAL_UI: temporalUi }),
      ...(options.httpAddr === undefined ? {} : { AUTOHEAL_HTTP_ADDR: options.httpAddr }),
    };
    const environment = childEnvironment(settings, { isolated: options.isolated ?? false });
    const start = (name: string, script: string, its = environment): Child => {
      const child = startChild({
        name,
        script,
        environment: its,
        onLine: (line) => options.onLine(name, line),
      });
      children.push(() => child.stop());
      return child;
    };
    return {
      ...{ temporalAddress, temporalUi, databaseUrl, estateFile, lab, environment, stop },
      startWorker: () => start('worker', 'workers/worker-main.ts'),
      startHttp: () => start('http', 'workers/http-main.ts'),
      startBot: () => start('bot', 'workers/bot-main.ts', withoutMetrics(environment)),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringTemporal(
  { config, ports, cacheDir, log }: StackOptions,
  stops: (() => Promise<unknown>)[],
): Promise<EmbeddedTemporal> {
  const { path, from } = await findTemporal({ path: config.searchPath, cacheDir, log });
  log(`Temporal server: ${from}`);
  const server = await superviseTemporal({
    binary: path,
    file: join(config.home, 'temporal.db'),
    namespace: config.TEMPORAL_NAMESPACE,
    ...(ports === undefined ? {} : { port: ports.temporal, uiPort: ports.temporalUi }),
    log,
  });
  stops.push(() => server.stop());
  return server;
}

async function bringDatabase(
  { config, ports, log, onLine }: StackOptions,
  stops: (() => Promise<unknown>)[],
): Promise<string> {
  const child = startChild({
    name: 'database',
    script: 'workers/embedded/pglite-process.ts',
    args: [join(config.home, 'database'), String(ports?.database ?? 0)],
    environment: childEnvironment({}),
    onLine: (line) => onLine('database', line),
  });
  stops.push(() => child.stop());
  const { url } = JSON.parse(await child.firstLine) as { url: string };
  const { applied } = await migrate({ url, dir: migrationsDir, log });
  log(`Database: PGlite with pgvector, ${applied.length} migration(s) applied`);
  return url;
}

async function bringLab(
  { config, lab: options, log }: StackOptions,
  stops: (() => Promise<unknown>)[],
): Promise<Lab> {
  const lab = await startLab({ ...options, dir: join(config.home, 'lab') });
  stops.push(() => lab.close());
  log(`Lab: bastion on port ${lab.ports.bastion}, host behind it with ${lab.containers.length} containers`);
  return lab;
}

/** The worker has that address already. */
function withoutMetrics({
  AUTOHEAL_METRICS_ADDR: _,
  ...others
}: Record<string, string>): Record<string, string> {
  return others;
}
