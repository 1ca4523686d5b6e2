import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { estateSchema, type Estate } from '../../domain/estate.ts';
import { makeKeys, pinHostKeys } from '../../lab/keys.ts';
import { freePort } from '../../workers/embedded/temporal-server.ts';
import { bringSshd, type SshdProgram } from './sshd-program.ts';

export interface SshdOptions {
  cacheDir: string;
  /** Runs in the place of every command that the host's one key asks for, as `command="…"` does. */
  forcedCommand?: string;
  /** What the host's commands find in their environment. */
  environment?: Record<string, string>;
  /** Containers of the host that the estate names as targets. */
  targets?: readonly string[];
  /** More of the estate file. */
  estate?: object;
  /** Further lines of the host's sshd_config. */
  hostConfig?: readonly string[];
}

/** A real bastion and a real host behind it: two OpenSSH servers on loopback. */
export interface SshdPair {
  dir: string;
  /** Who logs in at both: the user who runs the tests. */
  user: string;
  ports: { bastion: number; target: number };
  identityFile: string;
  knownHostsFile: string;
  estate: Estate;
  estateFile: string;
  /** `ssh -F … -J bastion host`, as a person would have it, without any tuning. */
  plainSsh: { program: 'ssh'; args: readonly string[] };
  /** What the two servers logged. */
  log(which: 'bastion' | 'host'): Promise<string>;
  close(): Promise<void>;
}

export const sshdHosts = { bastion: 'bastion-110', host: 'ollama-188' } as const;

/** Starts both. @throws Error in words for people when there is no OpenSSH server */
export async function startSshdPair(options: SshdOptions): Promise<SshdPair> {
  const program = await bringSshd(options.cacheDir);
  await prepareSeparation();
  const dir = await mkdtemp(join(tmpdir(), 'ah-sshd-'));
  const keys = await makeKeys(dir);
  const ports = { bastion: await freePort(), target: await freePort() };
  await pinHostKeys(keys, ports);
  const { username: user } = userInfo();
  const command =
    options.forcedCommand === undefined ? '' : `,command="${options.forcedCommand.replaceAll('"', '\\"')}"`;
  const bastion = await startSshd(program, {
    dir,
    name: 'bastion',
    port: ports.bastion,
    hostKey: join(keys.configDir, 'bastion_host_ed25519'),
    authorizedKey: `restrict,port-forwarding,permitopen="127.0.0.1:${ports.target}" ${keys.authorizedKey}`,
    config: [],
  });
  // A home of its own: the user's shell would read that user's start-up files for every command.
  const environment = { HOME: dir, ...options.environment };
  const setEnv = Object.entries(environment).map(([name, value]) => `"${name}=${value}"`);
  const host = await startSshd(program, {
    dir,
    name: 'host',
    port: ports.target,
    hostKey: join(keys.configDir, 'target_host_ed25519'),
    authorizedKey: `restrict${command} ${keys.authorizedKey}`,
    config: [`SetEnv ${setEnv.join(' ')}`, ...(options.hostConfig ?? [])],
  });
  const { identityFile, knownHostsFile } = keys;
  const { estate, estateFile } = await writeEstate(dir, { user, ports, options });
  return {
    ...{ dir, user, ports, identityFile, knownHostsFile, estate, estateFile },
    plainSsh: await writePlainConfig(dir, { user, ports, identityFile, knownHostsFile }),
    log: (which) => readFile(join(dir, `${which}.log`), 'utf8'),
    async close() {
      await Promise.all([bastion.stop(), host.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** As root, sshd hands what is not yet trusted to a user of its own, which its package makes at installation. */
async function prepareSeparation(): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const known = await execa('getent', ['passwd', 'sshd'], { reject: false });
  if (!known.failed) return;
  const made = await execa(
    'useradd',
    ['--system', '--no-create-home', '--home-dir', '/run/sshd', '--shell', '/usr/sbin/nologin', 'sshd'],
    { reject: false },
  );
  if (made.failed && made.exitCode !== 9) {
    throw new Error(
      `sshd needs a user \`sshd\` when root runs it, and ${made.shortMessage}. Run the tests as another user.`,
    );
  }
}

interface ServerSpec {
  dir: string;
  name: 'bastion' | 'host';
  port: number;
  hostKey: string;
  authorizedKey: string;
  config: readonly string[];
}

async function startSshd(
  { sshd, environment, config }: SshdProgram,
  spec: ServerSpec,
): Promise<{ stop(): Promise<void> }> {
  const { dir, name, port } = spec;
  const keysFile = join(dir, `${name}_authorized_keys`);
  const configFile = join(dir, `${name}_sshd_config`);
  const logFile = join(dir, `${name}.log`);
  await writeFile(keysFile, spec.authorizedKey, { mode: 0o600 });
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${spec.hostKey}`,
    `AuthorizedKeysFile ${keysFile}`,
    'AuthenticationMethods publickey',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    // The folder lies below the temporary one, which others may write to.
    'StrictModes no',
    'PidFile none',
    'PrintMotd no',
    'UseDNS no',
    'LogLevel VERBOSE',
    ...config,
    ...spec.config,
  ];
  await writeFile(configFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  const server = execa(sshd, ['-D', '-f', configFile, '-E', logFile], {
    ...{ reject: false, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' },
    env: environment,
  });
  let ended = false;
  void server.then(() => (ended = true));
  for (let tries = 0; !(await listens(port)); tries++) {
    if (ended || tries > 200) {
      const log = await readFile(logFile, 'utf8').catch(() => '');
      throw new Error(`sshd did not start: ${log.trim().split('\n').at(-1) ?? (await server).shortMessage}`);
    }
    await sleep(50);
  }
  return {
    async stop() {
      server.kill('SIGTERM');
      await server;
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

interface Access {
  user: string;
  ports: SshdPair['ports'];
}

async function writeEstate(
  dir: string,
  { user, ports, options }: Access & { options: SshdOptions },
): Promise<{ estate: Estate; estateFile: string }> {
  const content = {
    hosts: {
      [sshdHosts.bastion]: {
        ...{ address: '127.0.0.1', port: ports.bastion, user },
        ...{ identityFile: 'config/autoheal_id_ed25519', knownHostsFile: 'config/known_hosts' },
      },
      [sshdHosts.host]: {
        ...{ address: '127.0.0.1', port: ports.target, user, jump: sshdHosts.bastion },
        gate: options.forcedCommand !== undefined,
      },
    },
    targets: Object.fromEntries((options.targets ?? []).map((name) => [name, { host: sshdHosts.host }])),
    ...options.estate,
  };
  const estateFile = join(dir, 'estate.yaml');
  await writeFile(estateFile, stringify(content), { mode: 0o600 });
  return { estate: estateSchema.parse(content), estateFile };
}

async function writePlainConfig(
  dir: string,
  access: Access & { identityFile: string; knownHostsFile: string },
): Promise<SshdPair['plainSsh']> {
  const { user, ports, identityFile, knownHostsFile } = access;
  const hosts = [
    [sshdHosts.bastion, ports.bastion],
    [sshdHosts.host, ports.target],
  ] as const;
  const content = hosts.map(([name, port]) =>
    [
      `Host ${name}`,
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      `  User ${user}`,
      `  IdentityFile "${identityFile}"`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile "${knownHostsFile}"`,
      '  BatchMode yes',
      '',
    ].join('\n'),
  );
  const file = join(dir, 'plain_ssh_config');
  await writeFile(file, content.join(''), { mode: 0o600 });
  return { program: 'ssh', args: ['-F', file, '-J', sshdHosts.bastion, sshdHosts.host] };
}
