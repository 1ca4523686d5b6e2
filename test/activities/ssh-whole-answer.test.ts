import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lookUpContainer } from '../../activities/containers/look-up-container.ts';
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
    lab.delayNext({ matching: 'inspect', ms: heldBackMs, when: 'after' });
    const seen = await lookUpContainer(ssh, { host, name: 'momo-web' });
    expect(seen).toMatchObject({ kind: 'found', container: { id } });
    expect(seen.kind === 'found' ? seen.durationMs : Infinity).toBeLessThan(heldBackMs);
  });
});

it('waits for the end of a command that found nothing', async () => {
  await withSsh(lab, async (ssh) => {
    expect(await lookUpContainer(ssh, { host, name: 'nowhere' })).toMatchObject({ kind: 'none' });
  });
});
