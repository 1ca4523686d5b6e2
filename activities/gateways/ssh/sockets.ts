import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { endMaster } from './master.ts';

/** Unix socket paths may have 104 bytes (macOS; 108 on Linux), and ssh adds 17 while it binds one. */
const maxSocketPath = 104 - 17 - 1;
const socketNameLength = '/12345678.9999'.length;

const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 4);
const ownDirs = new Set<string>();

/**
 * Makes a folder for this process's control sockets, for its owner only: below the state folder, or below the
 * system's temporary folder where that path is too long for a socket. Processes never share one: a worker that
 * is stuck must not hold up another.
 */
export async function makeSocketDir(home: string): Promise<string> {
  const name = `ah${machine}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const inHome = join(resolve(home), 'ssh');
  const base = inHome.length + 1 + name.length + socketNameLength <= maxSocketPath ? inHome : tmpdir();
  await mkdir(base, { recursive: true, mode: 0o700 });
  await removeStale(base);
  const dir = join(base, name);
  await mkdir(dir, { mode: 0o700 });
  ownDirs.add(dir);
  return dir;
}

/** Ends the connections of processes on this machine that are gone, and removes their folders. */
async function removeStale(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const pid = Number(/^ah([0-9a-f]{4})-(\d+)-[0-9a-f]{6}$/.exec(name)?.[2]);
    const dir = join(base, name);
    if (!name.startsWith(`ah${machine}-`) || !(pid > 0) || isAlive(pid, dir)) continue;
    const found = await lstat(dir).catch(() => null);
    if (!found?.isDirectory() || found.uid !== process.getuid?.()) continue;
    for (const file of await readdir(dir).catch(() => [])) {
      if (/^[0-9a-f]{8}\.\d+$/.test(file))
        await endMaster({ host: '', socket: join(dir, file), pid: null }, 'stop');
    }
    await rm(dir, { recursive: true, force: true });
  }
}

function isAlive(pid: number, dir: string): boolean {
  // The same id again, as process 1 of a restarted container has it.
  if (pid === process.pid) return ownDirs.has(dir);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
