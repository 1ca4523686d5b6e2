import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { allowlist } from '../../domain/policy/allowlist.ts';
import { sshdHosts, startSshdPair, type SshdPair } from '../support/sshd.ts';
import { cacheDir } from '../support/cache-dir.ts';
import { inspectJson, type ContainerTraits } from './containers.ts';

/** A host behind a bastion, both with a real sshd, where the gate is the forced command of the one key. */
export interface GatedHost {
  sshd: SshdPair;
  /** Asks for one command line over a connection that is open already. `more`: further options of ssh. */
  ask(line: string, more?: readonly string[]): Promise<Answer>;
  /** A connection of its own, with any arguments before and after the host's name. */
  login(before: readonly string[], after?: readonly string[]): Promise<Answer>;
  /** The environment of the last `docker` that ran. */
  lastEnvironment(): Promise<string>;
  close(): Promise<void>;
}

export interface Answer {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Command lines that really ran on the host meanwhile. */
  ran: string[];
}

/** Notes what it was called with and with which environment; its docker knows the containers that were laid out. */
const standIn = (dir: string): string => `#!/bin/sh
echo "\${0##*/}\${1:+ $*}" >>'${dir}/ran'
[ "\${0##*/}" = docker ] || exit 0
env >'${dir}/environment'
case "$1 $2" in 'container inspect') cat '${dir}'/"$3.json" ;; esac
`;

export async function startGatedHost(
  containers: readonly (ContainerTraits & { id: string })[],
): Promise<GatedHost> {
  const dir = await mkdtemp(join(tmpdir(), 'ah-gate-'));
  const file = (name: string): string => join(dir, name);
  const programs = new Set(['logger', ...allowlist.map(({ pattern }) => pattern.split(' ')[0] ?? '')]);
  programs.delete('autoheal-gate-probe');
  await Promise.all([
    ...[...programs].map((name) => writeFile(file(name), standIn(dir), { mode: 0o755 })),
    ...containers.map((traits) => writeFile(file(`${traits.id}.json`), inspectJson(traits))),
    writeFile(file('protected'), 'momo-cache\n'),
    writeFile(file('commands'), ''),
    writeFile(file('ran'), ''),
  ]);
  const gate = resolve('deploy/host-gate/autoheal-gate');
  const sshd = await startSshdPair({
    cacheDir,
    forcedCommand: `/bin/sh ${gate} --protected ${file('protected')} --commands ${file('commands')}`,
    environment: { PATH: `${dir}:/usr/bin:/bin` },
    // As Debian ships it: a peer may say its language, and there is a file transfer to ask for.
    hostConfig: ['AcceptEnv LANG LC_*', 'Subsystem sftp internal-sftp'],
  });
  const socket = file('master');
  const [, config = ''] = sshd.plainSsh.args;
  const run = async (args: readonly string[]): Promise<Answer> => {
    await writeFile(file('ran'), '');
    const result = await execa('ssh', ['-F', config, ...args], {
      ...{ reject: false, stdin: 'ignore', timeout: 30_000 },
      env: { LC_ALL: 'tr_TR.UTF-8', LC_EVIL: '$(touch /tmp/evil)' },
    });
    const ran = (await readFile(file('ran'), 'utf8')).split('\n').slice(0, -1);
    const { exitCode, stdout, stderr } = result;
    return { exitCode, stdout, stderr, ran: ran.filter((line) => !line.startsWith('logger ')) };
  };
  const jump = ['-J', sshdHosts.bastion];
  await execa('ssh', ['-F', config, ...jump, '-M', '-S', socket, '-f', '-N', sshdHosts.host], {
    stdio: 'ignore',
  });
  return {
    sshd,
    ask: (line, more = []) => run(['-S', socket, '-T', ...more, sshdHosts.host, '--', line]),
    login: (before, after = []) => run([...jump, ...before, sshdHosts.host, ...after]),
    lastEnvironment: () => readFile(file('environment'), 'utf8'),
    async close() {
      await execa('ssh', ['-F', config, '-S', socket, '-O', 'exit', sshdHosts.host], { reject: false });
      await sshd.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
