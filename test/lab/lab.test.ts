import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listContainers } from '../../activities/containers/list-containers.ts';
import { lookUpContainer } from '../../activities/containers/look-up-container.ts';
import { restartContainer } from '../../activities/containers/restart-container.ts';
import { estateSchema } from '../../domain/estate.ts';
import type { ContainerView } from '../../lab/container-view.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { done, host, newFolder, withSsh, type Done } from '../activities/ssh-fixture.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ dir: await newFolder() });
});
afterAll(async () => {
  await lab.close();
  await rm(lab.dir, { recursive: true, force: true });
});

const run = (...argv: string[]): Promise<Done> =>
  withSsh(lab, async (ssh) => done(await ssh.run({ host, argv, timeoutMs: 30_000 })));

/** Waits, for as long as a busy machine may need, until a container is seen so. */
async function until(name: string, isSo: (view: ContainerView) => boolean): Promise<ContainerView> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const view = lab.container(name).view();
    if (isSo(view)) return view;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(view)}`);
    await sleep(20);
  }
}

describe('the lab’s containers', () => {
  it('turn unhealthy when they hang, and are cured by a real restart that has to kill them', async () => {
    const healthy = await until('momo-scheduler', ({ health }) => health === 'healthy');
    lab.container('momo-scheduler').hang();
    await until('momo-scheduler', ({ health }) => health === 'unhealthy');
    expect((await run('docker', 'restart', '-t', '0', 'momo-scheduler')).stdout).toBe('momo-scheduler');
    const cured = await until('momo-scheduler', ({ health }) => health === 'healthy');
    expect(cured.pid).not.toBe(healthy.pid);
  });

  it('die again after each start where that is their fate', async () => {
    lab.container('momo-web').setFate({ kind: 'dies-after-start', afterMs: 50, exitCode: 3 });
    lab.container('momo-web').kill();
    expect((await until('momo-web', ({ running }) => !running)).exitCode).toBe(137);
    await run('docker', 'start', 'momo-web');
    expect(await until('momo-web', ({ status }) => status === 'exited')).toMatchObject({ exitCode: 3 });
    expect((await run('docker', 'logs', '--tail', '1', 'momo-web')).stdout).toContain('exit code 3');
    lab.container('momo-web').setFate({ kind: 'works' });
    await run('docker', 'start', 'momo-web');
    await until('momo-web', ({ health }) => health === 'healthy');
  });

  it('are killed for memory, come back by their restart policy, or never get well', async () => {
    const dir = await newFolder();
    const other = await startLab({
      dir,
      containers: [
        { name: 'hungry', image: 'a', fate: { kind: 'oom-after-start', afterMs: 50 } },
        { name: 'stubborn', image: 'a', restartPolicy: 'always', healthcheck: false },
        { name: 'sick', image: 'a', fate: { kind: 'never-healthy' } },
        { name: 'idle', image: 'a', started: false },
      ],
    });
    other.container('stubborn').kill();
    await sleep(1500);
    expect(other.container('hungry').view()).toMatchObject({
      status: 'exited',
      exitCode: 137,
      oomKilled: true,
    });
    expect(other.container('stubborn').view()).toMatchObject({
      running: true,
      restartCount: 1,
      health: 'none',
    });
    expect(other.container('sick').view()).toMatchObject({ running: true, health: 'starting' });
    await sleep(2500);
    expect(other.container('sick').view()).toMatchObject({ running: true, health: 'unhealthy' });
    expect(other.container('idle').view()).toMatchObject({ status: 'created' });
    await other.close();
    expect(other.containers.every((container) => !container.view().running)).toBe(true);
    await rm(dir, { recursive: true, force: true });
  });
});

describe('the lab’s docker', () => {
  it('speaks docker’s words', async () => {
    expect(await run('docker', 'inspect', 'nope')).toMatchObject({
      exitCode: 1,
      stdout: '[]',
      stderr: 'Error: No such object: nope',
    });
    expect(await run('docker', 'container', 'inspect', 'nope')).toMatchObject({
      exitCode: 1,
      stderr: 'Error: No such container: nope',
    });
    expect((await run('docker', 'restart', 'nope')).stderr).toBe(
      'Error response from daemon: No such container: nope',
    );
    expect((await run('docker', 'ps', '-q', '--no-trunc')).stdout).toContain(lab.container('momo-db').id);
    expect((await run('docker', 'ps')).stdout).toMatch(/^CONTAINER ID +IMAGE/);
    expect((await run('docker', 'stats', '--no-stream')).stdout).toContain('momo-db');
    expect((await run('docker', 'exec', 'momo-db', 'sh')).exitCode).toBe(126);
    expect((await run('docker', 'ps', '--wrong')).stderr).toContain('unknown flag: --wrong');
  });
});

describe('the lab’s host', () => {
  it('knows no name of docker’s, and answers other names and databases as the scene says', async () => {
    expect(await run('getent', 'hosts', 'momo-postgres')).toMatchObject({ exitCode: 2, stdout: '' });
    lab.names.set('db.example.com', '10.9.9.9');
    expect((await run('getent', 'hosts', 'db.example.com')).stdout).toMatch(
      /^10\.9\.9\.9 +db\.example\.com$/,
    );
    lab.names.delete('db.example.com');
    expect((await run('getent', 'hosts', 'db.example.com')).exitCode).toBe(2);
    lab.postgresReady('db.example.com', true);
    expect((await run('pg_isready', '-h', 'db.example.com')).exitCode).toBe(0);
    lab.postgresReady('db.example.com', false);
    expect(await run('pg_isready', '-h', 'db.example.com')).toMatchObject({
      exitCode: 1,
      stdout: 'db.example.com:5432 - rejecting connections',
    });
    lab.postgresReady('db.example.com', null);
    expect((await run('pg_isready', '-h', 'db.example.com', '-p', '5433')).exitCode).toBe(2);
  });

  it('loses a container’s name with its network, and its database by its own health check', async () => {
    const networks = async (): Promise<unknown> => {
      const [entry] = JSON.parse((await run('docker', 'container', 'inspect', 'momo-postgres')).stdout) as {
        NetworkSettings: { Networks: object };
      }[];
      return Object.keys(entry?.NetworkSettings.Networks ?? {});
    };
    expect(await networks()).toEqual(['momo_default']);
    lab.names.delete('momo-postgres');
    expect(await networks()).toEqual([]);
    lab.names.set('momo-postgres', 'its own again');
    expect(await networks()).toEqual(['momo_default']);
    lab.postgresReady('momo-postgres', false);
    await until('momo-postgres', ({ health }) => health === 'unhealthy');
    lab.postgresReady('momo-postgres', true);
    await until('momo-postgres', ({ health }) => health === 'healthy');
  });

  it('records every command and effect on disk as well', async () => {
    const lines = (await readFile(join(lab.dir, 'recorder.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(lab.runs.all());
  });

  it('is reached by nothing but the tunnel: the bastion runs no command and leads nowhere else', async () => {
    const { args } = lab.baseline();
    const config = ['-F', args[1] ?? ''];
    const command = await execa('ssh', [...config, 'bastion-110', 'id'], { reject: false });
    expect(command.exitCode).toBe(255);
    const elsewhere = await execa('ssh', [...config, '-W', '127.0.0.1:1', 'bastion-110'], { reject: false });
    expect(elsewhere.stderr).toContain('open failed');
    const plain = await execa('ssh', [...args, 'echo', 'plain'], { reject: false });
    expect(plain.stdout).toBe('plain');
  });

  it('lets a command run to its end when the connection goes', async () => {
    const finished = lab.runs.next((each) => each.kind === 'finished');
    const arrived = lab.runs.next((each) => each.kind === 'command');
    lab.delayNext({ matching: 'restart', ms: 300, when: 'before' });
    const restarts = lab.runs.effects({ container: 'momo-worker', effect: 'restart' }).length;
    await withSsh(lab, async (ssh) => {
      const running = ssh.run({
        host,
        argv: ['docker', 'restart', '-t', '1', 'momo-worker'],
        timeoutMs: 20_000,
      });
      await arrived;
      lab.cutConnections();
      expect((await running).kind).toBe('failed');
      await finished;
    });
    expect(lab.runs.effects({ container: 'momo-worker', effect: 'restart' }).length).toBe(restarts + 1);
  });

  it('runs a gate in each command’s place', async () => {
    const dir = await newFolder();
    const gate = join(dir, 'gate');
    await writeFile(gate, 'echo "gate saw: $SSH_ORIGINAL_COMMAND"; exit 126\n');
    const gated = await startLab({ dir, containers: [], execThroughGate: gate });
    const result = await withSsh(gated, (ssh) => ssh.run({ host, argv: ['uptime'], timeoutMs: 20_000 }));
    expect(result).toMatchObject({ kind: 'done', exitCode: 126, stdout: "gate saw: 'uptime'" });
    expect(gated.estate.hosts[host]?.gate).toBe(true);
    await gated.close();
    await rm(dir, { recursive: true, force: true });
  });
});

describe('the lab behind the real gate', () => {
  it('has its containers looked at and restarted, all but the protected ones', async () => {
    const dir = await newFolder();
    const gate = fileURLToPath(new URL('../../deploy/host-gate/autoheal-gate', import.meta.url));
    const gated = await startLab({ dir, execThroughGate: gate });
    await withSsh(gated, async (ssh) => {
      const found = await lookUpContainer(ssh, { host, name: 'momo-worker' });
      expect(found.kind).toBe('found');
      const restart = async (name: string): Promise<Done> => {
        const containerId = gated.container(name).id;
        return done(await restartContainer(ssh, { host, containerId, stopTimeoutSec: 2, timeoutMs: 30_000 }));
      };
      expect((await restart('momo-worker')).exitCode).toBe(0);
      for (const name of ['momo-db', 'momo-postgres']) {
        expect(await restart(name)).toMatchObject({ exitCode: 126 });
      }
      expect((await listContainers(ssh, host)).kind).toBe('listed');
      expect((await lookUpContainer(ssh, { host, name: 'nope' })).kind).toBe('none');
    });
    expect(gated.runs.effects({ effect: 'restart' }).map(({ container }) => container)).toEqual([
      'momo-worker',
    ]);
    await gated.close();
    await rm(dir, { recursive: true, force: true });
  });
});

describe('the lab as a whole', () => {
  it('writes an estate file that says what it is', async () => {
    const written = estateSchema.parse(parse(await readFile(lab.estateFile, 'utf8')));
    expect(written).toEqual(lab.estate);
    expect(Object.keys(written.targets)).toContain('momo-scheduler');
    expect(written.targets['momo-scheduler']?.aliases).toEqual(['scheduler']);
  });

  it('starts again in the same folder with the same key', async () => {
    const dir = await newFolder();
    const first = await startLab({ dir, containers: [] });
    await first.close();
    const key = await readFile(join(dir, 'config/autoheal_id_ed25519'), 'utf8');
    const second = await startLab({ dir, containers: [] });
    expect(await readFile(join(dir, 'config/autoheal_id_ed25519'), 'utf8')).toBe(key);
    expect(done(await withSsh(second, (ssh) => ssh.check(host))).exitCode).toBe(0);
    await second.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('has a stub docker that costs next to nothing and notes the time of each call', async () => {
    const dir = await newFolder();
    const stub = await startLab({ dir, stub: true });
    await withSsh(stub, async (ssh) => {
      const inspect = async (name: string): Promise<string> =>
        done(await ssh.run({ host, argv: ['docker', 'container', 'inspect', name], timeoutMs: 20_000 }))
          .stdout;
      const { id } = stub.container('momo-web');
      const before = await inspect('momo-web');
      expect(before).toContain(id);
      const restarted = done(
        await ssh.run({ host, argv: ['docker', 'restart', '-t', '1', id], timeoutMs: 20_000 }),
      );
      expect(restarted).toMatchObject({ exitCode: 0, stdout: id });
      expect(await inspect(id)).not.toBe(before);
      const calls = await stub.stubCalls();
      expect(calls.map(({ commandLine }) => commandLine)).toContain(`docker restart -t 1 ${id}`);
      expect(Math.abs((calls[0]?.atEpochMs ?? 0) - Date.now())).toBeLessThan(60_000);
    });
    await stub.close();
    await rm(dir, { recursive: true, force: true });
  });
});
