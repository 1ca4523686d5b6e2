import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { CompiledRules } from '../domain/report/classify.ts';
import type { Estate } from '../domain/estate.ts';
import { readAddresses } from '../settings/addresses.ts';
import { openClient, type OpenClient } from './connect.ts';
import type { Settings } from '../settings/caller-settings.ts';
import type { DeliveryContext } from './delivery/deliver-report.ts';
import { readGroundOr, type Ground } from '../settings/load-rules.ts';
import { deliveriesDone } from './delivery/report-batcher.ts';

/** Longer than a delivery takes, which has a deadline of its own. */
const closesWithinMs = 10_000;

/** What may be given instead of the environment's configuration. */
export interface AutoHealOptions {
  /** A client of the caller's own; it is not closed here. Absent: one by the configuration. */
  client?: Client;
  /** host:port of Temporal, instead of TEMPORAL_ADDRESS. */
  address?: string;
  namespace?: string;
  taskQueue?: string;
  /** The state folder, where reports are kept while Temporal is away. */
  home?: string;
  estate?: Estate;
  rules?: CompiledRules;
  /** Told in a line what the caller's people should know. Default: standard error. */
  log?: (line: string) => void;
}

/** The parts of a caller, opened when first used and kept. */
export interface Session {
  /** @throws ConfigProblem when the environment is wrong */
  home(): Promise<string>;
  /** @throws ConfigProblem | DeliveryProblem when there is no way to Temporal */
  context(): Promise<DeliveryContext>;
  log(line: string): void;
  close(): Promise<void>;
}

export function openSession(options: AutoHealOptions = {}): Session {
  const log =
    options.log ??
    ((line: string) => {
      process.stderr.write(`autoheal: ${line}\n`);
    });
  let settings: Promise<Settings> | null = null;
  let ground: Ground | null = null;
  let opened: { connection: OpenClient; to: string } | null = null;

  const readSettings = (): Promise<Settings> => {
    settings ??= settingsOf(options).catch((error: unknown) => {
      settings = null;
      throw error;
    });
    return settings;
  };

  function clientBy(current: Settings): Client {
    if (options.client !== undefined) return options.client;
    // The embedded server has another port each time it is started.
    const to = current.embeddedTemporal ? (readAddresses(current.home)?.temporal ?? '') : 'configured';
    if (opened?.to !== to) {
      void opened?.connection.close().catch(() => undefined);
      opened = null;
      opened = { connection: openClient(current), to };
    }
    return opened.connection.client;
  }

  return {
    log,
    async home() {
      return options.home ?? (await readSettings()).home;
    },
    async context() {
      const current = await readSettings();
      const client = clientBy(current);
      ground ??= groundOf(options, current, log);
      return { client, taskQueue: options.taskQueue ?? current.AUTOHEAL_TASK_QUEUE, ...ground };
    },
    async close() {
      const { connection } = opened ?? {};
      opened = null;
      if (connection === undefined) return;
      // A call that is cut off would fail in the caller's process, where nobody catches it.
      await Promise.race([deliveriesDone(connection.client), sleep(closesWithinMs, null, { ref: false })]);
      await connection.close();
    },
  };
}

async function settingsOf(options: AutoHealOptions): Promise<Settings> {
  const { readConfig } = await import('../settings/settings.ts');
  const config: Settings = readConfig();
  const { address, namespace, home } = options;
  return {
    ...config,
    ...(address === undefined ? {} : { TEMPORAL_ADDRESS: address, embeddedTemporal: false }),
    ...(namespace === undefined ? {} : { TEMPORAL_NAMESPACE: namespace }),
    ...(home === undefined ? {} : { home }),
  };
}

function groundOf(
  { estate, rules }: AutoHealOptions,
  settings: Settings,
  log: (line: string) => void,
): Ground {
  if (estate !== undefined && rules !== undefined) return { estate, rules };
  const read = readGroundOr(settings, log);
  return { estate: estate ?? read.estate, rules: rules ?? read.rules };
}
