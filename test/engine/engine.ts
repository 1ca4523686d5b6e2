import { access, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** One line of `docker events`: what really happened, whoever had it done. */
export interface EngineEvent {
  Action: string;
  Actor: { Attributes: Record<string, string> };
}

/** A real Docker engine, private to this run: nothing of the machine's own engine is seen or touched. */
export interface TestEngine {
  /** For whoever shall use it: `DOCKER_HOST`. */
  environment: Record<string, string>;
  docker(...args: string[]): Promise<string>;
  /** `docker run -d` with the suite's image. */
  run(name: string, options: readonly string[], ...command: string[]): Promise<void>;
  inspect(name: string): Promise<unknown>;
  /** What the engine itself says of this container, in order. */
  actionsOn(name: string): string[];
  close(): Promise<void>;
}

export const image = 'autoheal/test:1';
const applets = [
  'sh',
  'sleep',
  'cat',
  'echo',
  'test',
  'touch',
  'rm',
  'kill',
  'true',
  'false',
  'head',
  'tail',
  'dd',
];
const startWithinMs = 60_000;

/**
 * Starts one. @throws Error in words for people where there is no root, no dockerd or no busybox: this suite is never
 * skipped
 */
export async function startTestEngine(): Promise<TestEngine> {
  if (process.getuid?.() !== 0)
    throw new Error('The engine suite starts a Docker engine of its own, which needs root: run it as root.');
  const busybox = await findPrograms();
  const dir = await mkdtemp(join(tmpdir(), 'ah-engine-'));
  const host = `unix://${join(dir, 'docker.sock')}`;
  const daemon = execa(
    'dockerd',
    [
      ...[
        '-H',
        host,
        '--data-root',
        join(dir, 'data'),
        '--exec-root',
        join(dir, 'exec'),
        '-p',
        join(dir, 'pid'),
      ],
      ...['--storage-driver=overlay2', '--bridge=none', '--iptables=false'],
    ],
    { reject: false, stdin: 'ignore', all: true, buffer: true },
  );
  const environment = { DOCKER_HOST: host };
  const docker = async (...args: string[]): Promise<string> =>
    (await execa('docker', args, { env: environment, stdin: 'ignore' })).stdout;
  let ended: string | null = null;
  void daemon.then(({ all }) => (ended = all.split('\n').slice(-5).join('\n')));
  for (const begunMs = Date.now(); ; await sleep(250)) {
    if (ended !== null) throw new Error(`dockerd did not start:\n${String(ended)}`);
    if (Date.now() - begunMs > startWithinMs) throw new Error('dockerd did not answer within a minute');
    const asked = await execa('docker', ['version'], { env: environment, reject: false });
    if (asked.exitCode === 0) break;
  }
  await makeImage(dir, busybox, docker);
  const seen: EngineEvent[] = [];
  // The engine remembers its last 256 events only, so they are read as they come.
  const events = execa('docker', ['events', '--format', '{{json .}}'], { env: environment, reject: false });
  void (async () => {
    for await (const line of events.iterable()) seen.push(JSON.parse(line) as EngineEvent);
  })();
  return {
    environment,
    docker,
    async run(name, options, ...command) {
      await docker('run', '-d', '--name', name, ...options, image, ...command);
    },
    inspect: async (name) => (JSON.parse(await docker('container', 'inspect', name)) as unknown[])[0],
    actionsOn: (name) =>
      seen.filter(({ Actor }) => Actor.Attributes['name'] === name).map(({ Action }) => Action),
    async close() {
      const ids = (await docker('ps', '-a', '-q')).split('\n').filter((id) => id !== '');
      if (ids.length > 0) await docker('rm', '-f', ...ids).catch(() => undefined);
      events.kill();
      daemon.kill('SIGTERM');
      await Promise.all([events, daemon]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function findPrograms(): Promise<string> {
  for (const program of ['dockerd', 'docker']) {
    const found = await execa(program, ['--version'], { reject: false });
    if (found.exitCode !== 0)
      throw new Error(`The engine suite needs ${program}, and there is none: apt-get install docker.io`);
  }
  for (const path of ['/bin/busybox', '/usr/bin/busybox']) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(
    'The engine suite makes its image of busybox, and there is none: apt-get install busybox-static',
  );
}

/** An image without a registry. */
async function makeImage(
  dir: string,
  busybox: string,
  docker: (...args: string[]) => Promise<string>,
): Promise<void> {
  const bin = join(dir, 'image', 'bin');
  await mkdir(bin, { recursive: true });
  await mkdir(join(dir, 'image', 'tmp'));
  await cp(busybox, join(bin, 'busybox'));
  for (const applet of applets) await symlink('busybox', join(bin, applet));
  await execa('tar', ['-C', join(dir, 'image'), '-cf', join(dir, 'image.tar'), '.']);
  await docker('import', join(dir, 'image.tar'), image);
}
