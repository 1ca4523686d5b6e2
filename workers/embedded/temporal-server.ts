import { ownFolder } from '../../files/own-folder.ts';
import { chmod } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { Connection } from '@temporalio/client';
import { execa } from 'execa';
import { endWithUs } from './end-with-us.ts';
import { searchAttributeNames } from '../../domain/incident/search-attributes.ts';

export interface EmbeddedTemporal {
  address: string;
  /** Null where no UI was asked for. */
  uiUrl: string | null;
  pid: number;
  /** Resolves when the process has ended, however that came. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** The server's default of 20 queue polls a second and shard makes everything wait; measured in docs/reliability.md. */
const pollLimits = [
  'history.transferProcessorMaxPollRPS',
  'history.timerProcessorMaxPollRPS',
  'history.visibilityProcessorMaxPollRPS',
];

/**
 * Starts Temporal's development server as a process of its own, on a SQLite file in WAL mode: killed at any moment,
 * it goes on where it was.
 * @param options.port 0 or absent: any free ones
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<EmbeddedTemporal> {
  try {
    return await startOnce(options);
  } catch (error) {
    // Seen once in a while: it ends at its very start, and comes up at the second try.
    options.log(`${error instanceof Error ? error.message : String(error)} Trying once more.`);
    if (options.keepPorts === true) return startOnce(options);
    // Whoever took a port in between keeps it.
    const again = async (port: number | null | undefined): Promise<number | null> =>
      port === null ? null : freePort(port ?? 0);
    const [port, uiPort] = await Promise.all([again(options.port ?? 0), again(options.uiPort)]);
    return startOnce({ ...options, port: port ?? 0, uiPort });
  }
}

export interface TemporalServerOptions {
  binary: string;
  /** The database file. Null: in memory. */
  file: string | null;
  port?: number;
  uiPort?: number | null;
  /** Others know the ports: never another one, not even at the second try. */
  keepPorts?: boolean;
  namespace?: string;
  log: (line: string) => void;
}

async function startOnce(options: TemporalServerOptions): Promise<EmbeddedTemporal> {
  const port = options.port ?? (await freePort());
  const uiPort = options.uiPort === null ? null : (options.uiPort ?? (await freePort()));
  if (options.file !== null) await ownFolder(dirname(options.file));
  const server = execa(
    options.binary,
    [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
      ...['--namespace', options.namespace ?? 'default'],
      ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-ip', '127.0.0.1']),
      ...(options.file === null
        ? []
        : [
            '--db-filename',
            options.file,
            '--sqlite-pragma',
            'journal_mode=WAL',
            '--sqlite-pragma',
            'synchronous=NORMAL',
          ]),
      ...pollLimits.flatMap((name) => ['--dynamic-config-value', `${name}=2000`]),
      // An incident's joiners signal one run: the default of 10 000 signals would refuse the next.
      ...['--dynamic-config-value', 'history.maximumSignalsPerExecution=1000000'],
      // A workflow task during which more than 100 signals arrive would be failed, again and again while a storm
      // lasts; deploy/temporal/dynamic-config.yaml sets the same for a server of one's own.
      ...['--dynamic-config-value', 'history.maximumBufferedEventsBatch=50000'],
      ...['--dynamic-config-value', 'history.maximumBufferedEventsSizeInBytes=67108864'],
      ...searchAttributeNames.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ],
    {
      reject: false,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
      buffer: { stderr: true },
      maxBuffer: 100_000,
      detached: true,
      cleanup: true,
    },
  );
  const address = `127.0.0.1:${port}`;
  const letBe = server.pid === undefined ? () => undefined : endWithUs(server.pid);
  const ended = server.then(letBe);
  const died = server.then((result) => {
    throw new Error(
      `The Temporal server ended (${result.shortMessage}): ${(result.stderr ?? '').slice(-500)}`,
    );
  });
  died.catch(() => undefined);
  await Promise.race([untilServing(address, options.namespace ?? 'default'), died]);
  if (options.file !== null) await forUsAlone(options.file);
  options.log(`Temporal is at ${address}`);
  return {
    address,
    uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
    pid: server.pid ?? 0,
    ended,
    async stop() {
      server.kill('SIGTERM');
      const killer = setTimeout(() => server.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(killer);
    },
  };
}

async function untilServing(address: string, namespace: string): Promise<void> {
  const begunMs = Date.now();
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 2000 });
      try {
        await connection.workflowService.describeNamespace({ namespace });
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (Date.now() - begunMs > 60_000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** A free port of loopback: the wished one where nobody has it. */
export function freePort(wished = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (wished === 0 ? reject(error) : resolve(freePort())));
    server.listen(wished, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** All payloads lie in the database, codes of approvals among them. */
async function forUsAlone(file: string): Promise<void> {
  const files = ['', '-wal', '-shm'].map((end) => `${file}${end}`);
  await Promise.all(files.map((each) => chmod(each, 0o600).catch(() => undefined)));
}
