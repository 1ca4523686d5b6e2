import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** A Docker engine of the test's own: its socket, data and containers are nobody else's. */
export interface DockerEngine {
  /** Runs `docker …` and tells its output. @throws when it fails, with what it said */
  docker(argv: readonly string[], options?: { input?: string; timeoutMs?: number }): Promise<string>;
  /** The variable that leads other programs to it. */
  environment: { DOCKER_HOST: string };
  close(): Promise<void>;
}

/** @throws Error that says what is missing, where no engine comes up */
export async function startDockerEngine(): Promise<DockerEngine> {
  if (process.getuid?.() !== 0)
    throw new Error('A Docker engine of its own needs root: run this test as root.');
  const home = await mkdtemp(join(tmpdir(), 'ah-docker-'));
  const host = `unix://${join(home, 'docker.sock')}`;
  for (const name of ['data', 'exec']) await mkdir(join(home, name));
  const daemon = spawn(
    'dockerd',
    [
      ...['-H', host, '--data-root', join(home, 'data'), '--exec-root', join(home, 'exec')],
      ...['-p', join(home, 'pid'), '--storage-driver=overlay2', '--bridge=none', '--iptables=false'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  daemon.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-4000)));
  const ended = new Promise<void>((resolve) => {
    daemon.once('exit', () => resolve());
    daemon.once('error', (error) => {
      said += `\n${error.message}: install docker.io (apt-get update; apt-get install docker.io)`;
      resolve();
    });
  });
  const environment = { DOCKER_HOST: host, DOCKER_BUILDKIT: '0' };
  const docker: DockerEngine['docker'] = async (argv, { input, timeoutMs = 60_000 } = {}) => {
    const ran = await execa('docker', argv, {
      env: environment,
      timeout: timeoutMs,
      reject: false,
      all: true,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
    });
    if (ran.failed) throw new Error(`docker ${argv.join(' ')}\n${ran.shortMessage}\n${ran.all.slice(-4000)}`);
    return ran.stdout;
  };
  const close = async (): Promise<void> => {
    const running = await docker(['ps', '--quiet']).catch(() => '');
    const ids = running.split('\n').filter((id) => id !== '');
    if (ids.length > 0) await docker(['rm', '--force', ...ids]).catch(() => undefined);
    daemon.kill('SIGTERM');
    await ended;
    // The engine leaves the network namespace of --network=host mounted.
    await execa('umount', [join(home, 'exec/netns/default')], { reject: false });
    await rm(home, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries += 1) {
    const answered = await docker(['version']).then(
      () => true,
      () => false,
    );
    if (answered) return { docker, environment, close };
    if (tries > 100 || daemon.exitCode !== null) {
      await close();
      throw new Error(`dockerd does not answer: ${said}`);
    }
    await sleep(200);
  }
}
