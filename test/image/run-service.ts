import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compose } from '../architecture/compose-file.ts';
import type { DockerEngine } from './docker-engine.ts';

export interface Container {
  name: string;
  logs(): Promise<string>;
  exec(argv: readonly string[]): Promise<string>;
  /** Milliseconds from the container's start until its log says it. */
  untilSaid(what: RegExp, withinMs?: number): Promise<number>;
  /** Milliseconds from the container's start until its health check has passed. */
  untilHealthy(withinMs?: number): Promise<number>;
  stop(): Promise<number>;
}

/**
 * Runs a service as docker-compose.yml has it: user, read-only root, tmpfs, capabilities, mounts, secrets,
 * environment, command and health check are taken from there. Only the network is the machine's own, since the
 * services beside it are.
 * @param options.dir the folder that stands for the one of docker-compose.yml
 * @param options.environment addresses and ports of this test, in place of the file's
 */
export async function runService(
  engine: DockerEngine,
  name: string,
  options: { dir: string; image: string; environment: Record<string, string>; port?: number },
): Promise<Container> {
  const { dir, image } = options;
  const container = `ah-${name}`;
  const argv = [
    ...argumentsOf(name, options),
    '--name',
    container,
    image,
    ...(compose.services[name]?.command ?? []),
  ];
  await engine.docker(['run', '--detach', ...argv], { timeoutMs: 120_000 });
  const field = (format: string): Promise<string> =>
    engine.docker(['inspect', '--format', format, container]).then((text) => text.trim());
  const startedMs = Date.parse(await field('{{.State.StartedAt}}'));
  // The engine's own file: both streams in their order, each line with its time.
  const allLogs = async (): Promise<string> => readFile(await field('{{.LogPath}}'), 'utf8');
  const wait = async (
    what: string,
    holds: () => Promise<number | null>,
    withinMs: number,
  ): Promise<number> => {
    for (;;) {
      const found = await holds();
      if (found !== null) return found;
      const ended = (await field('{{.State.Status}}')) === 'exited';
      if (ended || Date.now() - startedMs > withinMs) {
        throw new Error(
          `${name} in ${dir}: not ${what} within ${withinMs / 1000} s\n${(await allLogs()).slice(-4000)}`,
        );
      }
      await sleep(100);
    }
  };
  return {
    name: container,
    logs: allLogs,
    exec: (command) => engine.docker(['exec', container, ...command], { timeoutMs: 90_000 }),
    untilSaid: (what, withinMs = 60_000) =>
      wait(
        `said ${String(what)}`,
        async () => {
          const line = (await allLogs()).split('\n').find((each) => what.test(each));
          if (line === undefined) return null;
          const at = /"time":"([^"]+)"\}?$/.exec(line)?.[1];
          return (at === undefined ? Date.now() : Date.parse(at)) - startedMs;
        },
        withinMs,
      ),
    untilHealthy: (withinMs = 60_000) =>
      wait(
        'healthy',
        async () => ((await field('{{.State.Health.Status}}')) === 'healthy' ? Date.now() - startedMs : null),
        withinMs,
      ),
    async stop() {
      await engine.docker(['stop', '--time', '60', container], { timeoutMs: 90_000 });
      return Number(await field('{{.State.ExitCode}}'));
    },
  };
}

/** Runs a one-shot service, or any command of the image, to its end. @returns its standard output */
export const runOnce = (
  engine: DockerEngine,
  name: string,
  options: { dir: string; image: string; environment: Record<string, string>; command?: readonly string[] },
): Promise<string> =>
  engine.docker(
    [
      'run',
      '--rm',
      ...argumentsOf(name, options),
      options.image,
      ...(options.command ?? compose.services[name]?.command ?? []),
    ],
    { timeoutMs: 120_000 },
  );

interface Kept {
  user?: string;
  read_only?: boolean;
  init?: boolean;
  cap_drop?: string[];
  tmpfs?: string[];
}

function argumentsOf(
  name: string,
  { dir, environment, port }: { dir: string; environment: Record<string, string>; port?: number },
): string[] {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  const { user, read_only, init, cap_drop = [], tmpfs = [] } = service as Kept;
  const variables = Object.entries({ ...service.environment, ...environment }).filter(
    ([, value]) => value !== null,
  );
  const check = service.healthcheck as
    { test: string[]; interval: string; timeout: string; retries: number; start_period: string } | undefined;
  const mounts = service.volumes.flatMap((volume) => {
    if (typeof volume === 'string') return ['--volume', volume.replace(/^\.\//, `${dir}/`)];
    return ['--mount', `type=${volume.type},destination=${String(volume['target'])},tmpfs-size=4096`];
  });
  return [
    '--network=host',
    ...(user === undefined ? [] : ['--user', user]),
    ...(read_only === true ? ['--read-only'] : []),
    ...(init === true ? ['--init'] : []),
    ...cap_drop.flatMap((capability) => ['--cap-drop', capability]),
    ...service.security_opt.flatMap((option) => ['--security-opt', option.replace(':true', '')]),
    ...tmpfs.flatMap((mount) => ['--tmpfs', mount]),
    ...mounts,
    ...service.secrets.flatMap((secret) => [
      '--volume',
      `${join(dir, compose.secrets[secret]?.file ?? '')}:/run/secrets/${secret}:ro`,
    ]),
    ...variables.flatMap(([key, value]) => ['--env', `${key}=${value ?? ''}`]),
    ...(check === undefined
      ? []
      : [
          '--health-cmd',
          check.test
            .slice(1)
            .map((word) => (/^\d+$/.test(word) ? String(port) : word))
            .join(' '),
          ...['--health-interval', check.interval, '--health-timeout', check.timeout],
          ...['--health-retries', String(check.retries), '--health-start-period', check.start_period],
        ]),
  ];
}
