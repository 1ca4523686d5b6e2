import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A lock that was not refreshed for this long belongs to a process that is gone; a delivery takes 5 s at most. */
const staleAfterMs = 60_000;

export interface SpoolLock {
  /** Says that its holder is alive; to be called before each delivery. */
  refresh(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lock of a spool, so that two processes don't send the same reports side by side.
 * @returns null where another process has it
 */
export async function lockSpool(dir: string): Promise<SpoolLock | null> {
  const file = join(dir, 'draining.lock');
  const token = `${hostname()} ${process.pid} ${randomBytes(8).toString('hex')}`;
  if (!(await create(file, token))) {
    if (!(await removeStale(file)) || !(await create(file, token))) return null;
  }
  return {
    async refresh() {
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
    },
    async release() {
      // Somebody else's where this process was so slow that it counted as gone.
      if ((await readFile(file, 'utf8').catch(() => null)) === token) await rm(file, { force: true });
    },
  };
}

async function create(file: string, token: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(token);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a stale lock away by renaming it, which only one of several can do. */
async function removeStale(file: string): Promise<boolean> {
  const [found, token] = await Promise.all([
    stat(file).catch(() => null),
    readFile(file, 'utf8').catch(() => ''),
  ]);
  if (found === null) return true;
  if (Date.now() - found.mtimeMs < staleAfterMs && isAlive(token)) return false;
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await rename(file, aside);
    await rm(aside, { force: true });
  } catch {
    // Another process was quicker.
  }
  return true;
}

/** A process of another machine (or container) that shares the folder can't be asked: it counts as alive. */
function isAlive(token: string): boolean {
  const [host, pid] = token.split(' ');
  if (host !== hostname()) return true;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
