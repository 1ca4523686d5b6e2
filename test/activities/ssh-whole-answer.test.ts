import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lookUpContainer } from '../../activities/containers/look-up-container.ts';
import { restartContainer } from '../../activities/containers/restart-container.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { host, newFolder, withSsh } from './ssh-fixture.ts';

let lab: Lab;
let dir: string;
beforeAll(async () => {
  dir = await newFolder();
  lab = await startLab({ dir: join(dir, 'lab'), stub: true });
});
afterAll(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

const heldBackMs = 8000;

it('takes a whole answer as it comes, without its exit status, which arrives late behind a bastion', async () => {
  await withSsh(lab, async (ssh) => {
    await ssh.check(host);
    const { id } = lab.container('momo-web');
    lab.delayNext({ matching: 'inspect', ms: heldBackMs, when: 'before status' });
    const seen = await lookUpContainer(ssh, { host, name: 'momo-web' });
    expect(seen).toMatchObject({ kind: 'found', container: { id } });
    lab.delayNext({ matching: 'restart', ms: heldBackMs, when: 'before status' });
    const done = await restartContainer(ssh, { host, containerId: id, stopTimeoutSec: 1, timeoutMs: 20_000 });
    expect(done).toMatchObject({ kind: 'done', exitCode: 0 });
    expect(seen.kind === 'found' ? seen.durationMs + done.durationMs : Infinity).toBeLessThan(heldBackMs);
  });
});

it('waits for the end of a command whose answer is empty or not whole', async () => {
  await withSsh(lab, async (ssh) => {
    expect(await lookUpContainer(ssh, { host, name: 'nowhere' })).toMatchObject({ kind: 'none' });
    const request = { host, containerId: 'ab'.repeat(32), stopTimeoutSec: 1, timeoutMs: 20_000 };
    expect(await restartContainer(ssh, request)).toMatchObject({ kind: 'done', exitCode: 1 });
  });
});
