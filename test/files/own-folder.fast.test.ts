import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownFolder } from '../../files/own-folder.ts';

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ah-own-'));
});
afterAll(() => rm(parent, { recursive: true, force: true }));
const modeOf = async (dir: string): Promise<number> => (await stat(dir)).mode & 0o1777;

it('is made for this user alone, and is so again where it was there before with other rights', async () => {
  const made = join(parent, 'made');
  await ownFolder(made);
  expect(await modeOf(made)).toBe(0o700);
  for (const before of [0o755, 0o777, 0o750]) {
    await chmod(made, before);
    await ownFolder(made);
    expect(await modeOf(made)).toBe(0o700);
  }
});

it('stays as it is where all share it', async () => {
  const shared = join(parent, 'shared');
  await mkdir(shared);
  await chmod(shared, 0o1777);
  await ownFolder(shared);
  expect(await modeOf(shared)).toBe(0o1777);
});
