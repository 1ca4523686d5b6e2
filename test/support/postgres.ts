import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import pg from 'pg';
import { createDatabaseOn } from './database-clones.ts';
import { bringPostgres, type PostgresPrograms } from './postgres-programs.ts';

export interface TestPostgres {
  /** The superuser's address of the database `postgres`. */
  url: string;
  dataDir: string;
  /** The server's process; undefined while it is stopped. */
  readonly pid: number | undefined;
  /** A new database, migrated (a clone of a template that is migrated once). */
  createDatabase(): Promise<string>;
  /** A new database with nothing in it. */
  createEmptyDatabase(): Promise<string>;
  /** Orderly; connections are cut. `start` brings it back on the same port with the same data. */
  stop(): Promise<void>;
  /** As a power cut ends it: SIGKILL for the server and its children. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good and removes its data. */
  close(): Promise<void>;
}

/** Real PostgreSQL 16 with pgvector on a random port of loopback, without fsync. */
export async function startPostgres({ cacheDir }: { cacheDir: string }): Promise<TestPostgres> {
  const programs = await bringPostgres(cacheDir);
  const home = await mkdtemp(join(tmpdir(), 'autoheal-pg-'));
  const dataDir = join(home, 'data');
  await mkdir(dataDir);
  await chmod(home, 0o755);
  await chmod(dataDir, 0o700);
  if (programs.runAs.uid !== undefined) await chown(dataDir, programs.runAs.uid, programs.runAs.uid);
  await execa(
    join(programs.bin, 'initdb'),
    ['-D', dataDir, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...programs.runAs, cwd: tmpdir(), stdin: 'ignore' },
  );
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | undefined;

  const server: TestPostgres = {
    url,
    dataDir,
    get pid() {
      return child?.pid;
    },
    createDatabase: () => createDatabaseOn(url),
    createEmptyDatabase: () => createDatabaseOn(url, { empty: true }),
    async start() {
      if (child !== undefined) return;
      child = launch(programs, dataDir, port);
      await untilItAnswers(url, child);
    },
    async stop() {
      await end(child, 'SIGINT');
      child = undefined;
    },
    async kill() {
      const children = await childrenOf(child?.pid);
      await end(child, 'SIGKILL');
      child = undefined;
      for (const pid of children) killQuietly(pid);
    },
    async close() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
  // A test run that is cut short leaves no server behind.
  process.once('exit', () => child?.kill('SIGQUIT'));
  await server.start();
  return server;
}

function launch(programs: PostgresPrograms, dataDir: string, port: number): ChildProcess {
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '200',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const argv = ['-D', dataDir, '-h', '127.0.0.1', '-p', String(port), '-k', '', ...flags];
  return spawn(join(programs.bin, 'postgres'), argv, {
    ...programs.runAs,
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'ignore'],
  });
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    const answered = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (answered) return;
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended at once with exit code ${child.exitCode}`);
    await sleep(100);
  }
  throw new Error('PostgreSQL did not answer within 30 s');
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  child.kill(signal);
  await ended;
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  if (pid === undefined) return [];
  const { stdout } = await execa('ps', ['-o', 'pid=', '--ppid', String(pid)], { reject: false });
  return stdout.split('\n').map(Number).filter(Boolean);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its parent.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
