import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A real OpenSSH server's program, ready to be started. */
export interface SshdProgram {
  sshd: string;
  /** What it needs in its environment: the way to libraries that are not installed. */
  environment: Record<string, string>;
  /** Configuration for an unpacked server, whose own programs are not where it was built to find them. */
  config: string[];
}

const howToGet =
  'Install the OpenSSH server (Debian, Ubuntu: apt-get install openssh-server), or let apt-get download it.';

/**
 * Finds sshd where it is installed, else unpacks Debian's package into the cache folder: that needs no root.
 * @throws Error in words for people when it can't be had
 */
export async function bringSshd(cacheDir: string): Promise<SshdProgram> {
  for (const sshd of ['/usr/sbin/sshd', '/usr/local/sbin/sshd']) {
    if (await exists(sshd)) return { sshd, environment: {}, config: [] };
  }
  const folder = join(cacheDir, 'openssh-server');
  if (!(await exists(folder))) await unpackInto(folder, cacheDir);
  const sshd = join(folder, 'usr/sbin/sshd');
  const libraries = await foldersOf(folder, /\.so(\.|$)/);
  return {
    sshd,
    environment: libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') },
    config: await configOf(folder),
  };
}

async function unpackInto(folder: string, cacheDir: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, '.openssh-server-'));
  try {
    const contents = join(scratch, 'contents');
    await unpack('openssh-server', scratch, contents);
    const missing = await run('ldd', [join(contents, 'usr/sbin/sshd')], scratch);
    if (missing.includes('not found')) {
      for (const name of await missingLibraries()) await unpack(name, scratch, contents);
    }
    // Whoever comes second keeps the first one's.
    await rename(contents, folder).catch(() => undefined);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function unpack(name: string, scratch: string, contents: string): Promise<void> {
  await run('apt-get', ['download', name], scratch).catch(async () => {
    // A fresh container has no package lists; writing them needs root.
    await run('apt-get', ['update'], scratch).catch(() => undefined);
    return run('apt-get', ['download', name], scratch);
  });
  const file = (await readdir(scratch)).find((entry) => entry.startsWith(`${name}_`));
  if (file === undefined) throw new Error(`apt-get downloaded no ${name}. ${howToGet}`);
  await run('dpkg', ['-x', file, contents], scratch);
}

/** The libraries that the package depends on and that are not installed. */
async function missingLibraries(): Promise<string[]> {
  const depends = await run('apt-cache', ['depends', '--important', 'openssh-server'], '/');
  const names = [...depends.matchAll(/^ {2}Depends: (lib[^\s<>]+)$/gm)].map(([, name = '']) => name);
  const installed = await Promise.all(
    names.map(async (name) => {
      const { stdout } = await execa('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], {
        reject: false,
      });
      return stdout.startsWith('installed');
    }),
  );
  return names.filter((_, at) => installed[at] !== true);
}

/** From OpenSSH 9.8 on, sshd starts a program of its own for each connection. */
async function configOf(folder: string): Promise<string[]> {
  const programs = [
    ['SshdSessionPath', 'usr/lib/openssh/sshd-session'],
    ['SshdAuthPath', 'usr/lib/openssh/sshd-auth'],
  ] as const;
  const lines = programs.map(async ([option, path]) =>
    (await exists(join(folder, path))) ? [`${option} ${join(folder, path)}`] : [],
  );
  return (await Promise.all(lines)).flat();
}

async function foldersOf(folder: string, wanted: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => !entry.isDirectory() && wanted.test(entry.name));
  return [...new Set(found.map((entry) => entry.parentPath))].filter((path) => !path.includes('/security'));
}

async function run(program: string, argv: string[], cwd: string): Promise<string> {
  const result = await execa(program, argv, { cwd, reject: false, stdin: 'ignore', timeout: 300_000 });
  if (!result.failed) return result.stdout;
  throw new Error(
    `There is no OpenSSH server, and ${result.shortMessage?.split('\n')[0] ?? program}. ${howToGet}`,
  );
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
