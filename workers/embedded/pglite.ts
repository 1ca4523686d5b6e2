import { ownFolder } from '../../files/own-folder.ts';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { serveSession } from './pglite-session.ts';

export interface EmbeddedDatabase {
  url: string;
  /** Rejects when the database breaks while it is served. It never resolves. */
  broken: Promise<never>;
  /** Ends the connections, then writes everything out. */
  close(): Promise<void>;
}

/**
 * The embedded PostgreSQL (PGlite with pgvector) for ordinary `pg` clients, several at once. The data survive the
 * process, also when it is killed. Serve it from a process of its own: a statement takes up the whole thread.
 *
 * @param options.dir where the data are; made when absent, and used by one process at a time
 * @param options.port 0 or absent: any free one
 * @param options.host loopback by default: there is no password
 * @throws Error when another process uses the folder, or the port is taken
 */
export async function startPglite(options: {
  dir: string;
  port?: number;
  host?: string;
}): Promise<EmbeddedDatabase> {
  const { dir, port = 0, host = '127.0.0.1' } = options;
  await ownFolder(dir);
  const unlock = await lockFolder(dir);
  const db = await PGlite.create({ dataDir: join(dir, 'data'), extensions: { vector } }).catch(
    async (error: unknown) => {
      await unlock();
      throw error;
    },
  );

  const sockets = new Set<Socket>();
  const line = openLine();
  let onBroken: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    onBroken = (error) => reject(new Error('The embedded database broke down', { cause: error }));
  });
  broken.catch(() => undefined);

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveSession(db, socket, { acquire: line.acquire, onBroken });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;

  return {
    url: `postgres://postgres@${host.includes(':') ? `[${host}]` : host}:${bound.port}/postgres`,
    broken,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      await line.acquire();
      await db.close();
      await unlock();
    },
  };
}

/** A fair lock: each gets its turn in the order of asking. */
function openLine(): { acquire: () => Promise<() => void> } {
  let last: Promise<void> = Promise.resolve();
  return {
    acquire: () => {
      const before = last;
      let handOn: () => void = () => undefined;
      last = new Promise((resolve) => {
        handOn = resolve;
      });
      return before.then(() => handOn);
    },
  };
}

/** PGlite would let two processes write the same files, and lose them. */
async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const file = join(dir, 'in-use-by-pid');
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (pid !== process.pid && isAlive(pid)) {
      throw new Error(
        `The embedded database in ${dir} is in use by process ${pid}. Stop that one first; if it is no AutoHeal, remove ${file}.`,
      );
    }
    await rm(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
