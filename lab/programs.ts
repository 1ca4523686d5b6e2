import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const programFile = (name: string): string => fileURLToPath(new URL(`programs/${name}`, import.meta.url));
const standIns = ['getent', 'pg_isready', 'uptime', 'free', 'ss', 'systemctl', 'journalctl'];

/**
 * Lays out the folder that comes first in the lab host's search path.
 * @returns that search path, and what the lab's estate may name in fixed commands, by absolute path
 */
export async function layOutPrograms(
  dir: string,
  { stub }: { stub: boolean },
): Promise<{ searchPath: string; programs: Record<string, string> }> {
  const bin = join(dir, 'bin');
  await rm(bin, { recursive: true, force: true });
  await mkdir(bin, { recursive: true });
  const docker = stub
    ? `/bin/sh ${quoted(programFile('stub-docker.sh'))}`
    : `${quoted(process.execPath)} ${quoted(programFile('docker.mjs'))}`;
  const programs = [
    ['docker', docker],
    ['momo-import', `/bin/sh ${quoted(programFile('momo-import.sh'))}`],
    ...standIns.map((name) => [name, `/bin/sh ${quoted(programFile('stand-in.sh'))} ${name}`]),
  ];
  await Promise.all(
    programs.map(([name = '', command = '']) =>
      writeFile(join(bin, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 }),
    ),
  );
  const nameable = {
    'momo-import': join(bin, 'momo-import'),
    uptime: join(bin, 'uptime'),
    uname: '/usr/bin/uname',
  };
  return { searchPath: `${bin}:/usr/bin:/bin`, programs: nameable };
}

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
