import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restartContainer } from '../../activities/containers/restart-container.ts';
import { openSsh, type SshLayer } from '../../activities/gateways/ssh/layer.ts';
import { gateProbeArgv, gateRefusedExitCode, isGateAnswer } from '../../domain/policy/gate-probe.ts';
import { sshdHosts } from '../support/sshd.ts';
import { commandCases } from './command-cases.ts';
import { startGatedHost, type GatedHost } from './sshd-host.ts';

const web = 'aa'.repeat(32);
const postgres = 'bb'.repeat(32);
const renamed = 'cc'.repeat(32);
const cache = 'dd'.repeat(32);

let host: GatedHost;
let home: string;
let ssh: SshLayer;
beforeAll(async () => {
  host = await startGatedHost([
    { name: 'momo-web', id: web },
    { name: 'momo-postgres', id: postgres, image: 'postgres:16' },
    { name: 'innocent', id: renamed, labels: { 'com.docker.compose.service': 'momo-db' } },
    { name: 'momo-cache', id: cache },
  ]);
  home = await mkdtemp(join(tmpdir(), 'ah-'));
  const { estate, estateFile } = host.sshd;
  ssh = openSsh({ estate, estateDir: dirname(estateFile), home });
});
afterAll(async () => {
  await ssh.close();
  await host.close();
  await rm(home, { recursive: true, force: true });
});

const refused = { exitCode: gateRefusedExitCode, ran: [] };

describe('the gate as the forced command of a real sshd', () => {
  const sendable = commandCases.filter(({ line }) => line !== '' && !line.includes('\0'));

  it('runs every allowed command as it was asked for, and no other', async () => {
    for (const { line, expect: expected } of sendable) {
      const { exitCode, ran, stderr } = await host.ask(line);
      if (expected === 'refuse') {
        expect({ line, exitCode, ran }).toEqual({ line, ...refused });
        expect(stderr).toMatch(/^autoheal-gate: refused \([a-z-]+\): /);
      } else {
        expect({ line, ran }).toEqual({ line, ran: line === gateProbeArgv.join(' ') ? [] : [line] });
        expect(exitCode).not.toBe(gateRefusedExitCode);
      }
    }
  });

  it("restarts a free container through AutoHeal's own ssh layer, by its full id", async () => {
    const request = { host: sshdHosts.host, stopTimeoutSec: 10, timeoutMs: 20_000 };
    expect(await restartContainer(ssh, { ...request, containerId: web })).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['momo-postgres', postgres],
    ['what carries the Compose service momo-db under another name', renamed],
    ["what the host's own list adds", cache],
    ['what docker does not know', 'ee'.repeat(32)],
  ])('refuses to restart %s', async (_what, id) => {
    const { exitCode, ran, stderr } = await host.ask(`docker restart -t 10 ${id}`);
    expect({ exitCode, ran }).toEqual({
      exitCode: gateRefusedExitCode,
      ran: [`docker container inspect ${id}`],
    });
    expect(stderr).toMatch(/^autoheal-gate: refused \((protected|unknown)\)/);
    const request = { host: sshdHosts.host, containerId: id, stopTimeoutSec: 10, timeoutMs: 20_000 };
    expect(await restartContainer(ssh, request)).toMatchObject({ exitCode: gateRefusedExitCode });
  });

  it('proves to the doctor from outside that it is in force', async () => {
    const probed = await ssh.run({ host: sshdHosts.host, argv: gateProbeArgv, timeoutMs: 20_000 });
    expect(probed).toMatchObject({ kind: 'done', exitCode: 0 });
    expect(isGateAnswer(probed.kind === 'done' ? probed.stdout : '')).toBe(true);
    const other = await ssh.run({ host: sshdHosts.host, argv: ['id'], timeoutMs: 20_000 });
    expect(other).toMatchObject({ kind: 'done', exitCode: gateRefusedExitCode });
  });
});

describe('a peer with the key', () => {
  it('gets no shell, with a terminal or without', async () => {
    expect(await host.login(['-T'])).toMatchObject(refused);
    const terminal = await host.login(['-tt']);
    expect(terminal).toMatchObject({ ran: [] });
    expect(terminal.exitCode).not.toBe(0);
    expect(terminal.stderr).toMatch(/PTY allocation request failed|refused \(empty\)/);
  });

  it('gets no file transfer', async () => {
    expect(await host.login(['-s'], ['sftp'])).toMatchObject(refused);
    expect(await host.login([], ['scp', '-t', '/etc/autoheal/protected'])).toMatchObject(refused);
  });

  it('gets no tunnel out of the host and none into it', async () => {
    const reached: string[] = [];
    const service = createServer((socket) => {
      reached.push('reached');
      socket.end('hello');
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const { port } = service.address() as AddressInfo;
    const out = await host.login(['-W', `127.0.0.1:${port}`]);
    expect(out.stderr).toMatch(/administratively prohibited|forwarding failed/);
    const into = await host.login(['-N', '-o', 'ExitOnForwardFailure=yes', '-R', `0:127.0.0.1:${port}`]);
    expect(into.stderr).toMatch(/forwarding failed/);
    expect([out.exitCode, into.exitCode]).toEqual([255, 255]);
    expect(reached).toEqual([]);
    service.close();
  });

  it('cannot set the environment that the gate and its commands run in', async () => {
    const variables = [
      'PATH=/tmp',
      'SSH_ORIGINAL_COMMAND=docker ps',
      'DOCKER_HOST=tcp://192.0.2.1',
      'LD_PRELOAD=/x.so',
    ];
    const options = ['-o', `SetEnv=${variables.map((each) => `"${each}"`).join(' ')}`];
    expect(await host.login(options, ['id'])).toMatchObject(refused);
    expect((await host.login(options, ['docker', 'ps'])).ran).toEqual(['docker ps']);
    const environment = await host.lastEnvironment();
    expect(environment).not.toMatch(/DOCKER_HOST|LD_PRELOAD|^PATH=\/tmp$/m);
    expect(environment).toMatch(/^LC_ALL=C$/m);
  });

  it('cannot change what the gate does by the language it says', async () => {
    const language = ['-o', 'SendEnv=LC_*'];
    expect(await host.login(language, ['docker', 'INSPECT', 'x'])).toMatchObject(refused);
    expect((await host.login(language, ['docker', 'inspect', 'momo-web'])).ran).toEqual([
      'docker inspect momo-web',
    ]);
    expect(await host.login(language, ['docker', 'restart', '-t', '10', postgres])).toMatchObject({
      exitCode: 126,
    });
  });
});
