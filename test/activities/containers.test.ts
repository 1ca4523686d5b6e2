import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Glances } from '../../activities/containers/glances.ts';
import { listContainers } from '../../activities/containers/list-containers.ts';
import { lookUpContainer } from '../../activities/containers/look-up-container.ts';
import { restartContainer } from '../../activities/containers/restart-container.ts';
import { openSsh, type SshLayer } from '../../activities/gateways/ssh/layer.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { done, failed, host, newFolder } from './ssh-fixture.ts';

let lab: Lab;
let ssh: SshLayer;
beforeAll(async () => {
  lab = await startLab({ dir: await newFolder() });
  ssh = openSsh({ estate: lab.estate, estateDir: lab.dir, home: lab.dir });
});
afterAll(async () => {
  await ssh.close();
  await lab.close();
  await rm(lab.dir, { recursive: true, force: true });
});

describe('lookUpContainer', () => {
  it('finds a container by its name and by its full id, with everything that tells who it is', async () => {
    const { id } = lab.container('momo-postgres');
    for (const name of ['momo-postgres', id]) {
      const found = await lookUpContainer(ssh, { host, name });
      expect(found).toMatchObject({
        kind: 'found',
        container: { id, name: 'momo-postgres', image: 'postgres:16' },
      });
      if (found.kind !== 'found') return;
      expect(found.container.labels['com.docker.compose.service']).toBe('momo-postgres');
      expect(found.container.networkAliases).toContain('momo-postgres');
      expect(JSON.stringify(found)).not.toContain(lab.secrets[4]);
    }
  });

  it('takes the beginning of an id for nobody', async () => {
    const { id } = lab.container('momo-db');
    for (const length of [12, 20, 63]) {
      expect(await lookUpContainer(ssh, { host, name: id.slice(0, length) })).toMatchObject({
        kind: 'several',
      });
    }
    expect((await lookUpContainer(ssh, { host, name: '/momo-db' })).kind).toBe('several');
  });

  it('says when there is none', async () => {
    expect((await lookUpContainer(ssh, { host, name: 'momo-nothing' })).kind).toBe('none');
    expect((await lookUpContainer(ssh, { host, name: 'f'.repeat(64) })).kind).toBe('none');
  });

  it('passes on that the host can’t be reached, and that a name can’t be sent', async () => {
    const there = await lookUpContainer(ssh, { host: 'elsewhere', name: 'momo-web' });
    expect(there).toMatchObject({ kind: 'failed', result: { reason: 'host_unknown' } });
    const odd = await lookUpContainer(ssh, { host, name: 'momo-web;id' });
    expect(odd).toMatchObject({ kind: 'failed', result: { reason: 'argument_refused' } });
  });
});

describe('restartContainer', () => {
  it('issues exactly one docker restart by id, and the process is another one afterwards', async () => {
    const container = lab.container('momo-worker');
    const before = container.view();
    const result = await restartContainer(ssh, {
      host,
      containerId: container.id,
      stopTimeoutSec: 5,
      timeoutMs: 30_000,
    });
    expect(done(result)).toMatchObject({ exitCode: 0, stdout: container.id });
    expect(lab.runs.commandLines().at(-1)).toBe(`'docker' 'restart' '-t' '5' '${container.id}'`);
    const effects = lab.runs.effects({ container: 'momo-worker' }).map(({ effect }) => effect);
    expect(effects).toEqual(['start', 'restart', 'stop', 'start']);
    expect(container.view().pid).not.toBe(before.pid);
    expect(container.view().startedAt > before.startedAt).toBe(true);
  });

  it('takes an id only', async () => {
    const before = lab.runs.all().length;
    for (const containerId of ['momo-db', '', 'all', lab.container('momo-web').id.slice(0, 12)]) {
      const refused = await restartContainer(ssh, { host, containerId, stopTimeoutSec: 5, timeoutMs: 5000 });
      expect(failed(refused).reason).toBe('argument_refused');
    }
    expect(lab.runs.all().length).toBe(before);
  });
});

describe('listContainers', () => {
  it('lists stopped ones too', async () => {
    await lab.container('momo-redis').stop(1);
    const listing = await listContainers(ssh, host);
    const expected = lab.containers.map(({ id, spec: { name, image } }) => ({ id, name, image }));
    expect(listing).toMatchObject({ kind: 'listed', containers: expected });
  });
});

describe('Glances', () => {
  const input = { host, container: 'momo-web' };
  const looks = () => lab.runs.commandLines().filter((line) => /inspect' 'momo-web/.test(line)).length;

  it('takes one look for the run that it was begun for, and serves it once', async () => {
    const glances = new Glances({ estate: lab.estate, ssh });
    const before = looks();
    glances.begin('run-1', input);
    expect(await glances.take('run-1', input)).toMatchObject({ kind: 'found' });
    expect(looks() - before).toBe(1);
    expect(await glances.take('run-1', input)).toMatchObject({ kind: 'found' });
    expect(looks() - before).toBe(2);
  });

  it('gives nobody a look of another run, or an old one', async () => {
    const glances = new Glances({ estate: lab.estate, ssh });
    const { id } = lab.container('momo-web');
    glances.begin('run-1', input);
    const before = looks();
    await glances.take('run-2', input);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect(await glances.take('run-1', input)).toMatchObject({ kind: 'found', container: { id } });
    expect(looks() - before).toBeGreaterThanOrEqual(2);
  });
});
