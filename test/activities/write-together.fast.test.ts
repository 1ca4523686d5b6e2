import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { openProcessNotes } from '../../activities/gateways/process/orphans.ts';
import { renderSshConfig, writeSshConfig } from '../../activities/gateways/ssh/config.ts';

/** Many in one process write the same file at once: none may take another's draft away. */
const many = Array.from({ length: 16 }, (_, at) => at);
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ah-together-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it('first connections to several hosts share one ssh configuration, whole and readable', async () => {
  const host = (name: string) => ({
    name,
    address: '192.0.2.1',
    port: 22,
    user: 'u',
    identityFile: '/k',
    knownHostsFile: '/h',
    jump: null,
  });
  const content = renderSshConfig(['one', 'two'].map(host));
  const files = await Promise.all(many.map(() => writeSshConfig(join(dir, 'sockets'), content)));
  expect(new Set(files).size).toBe(1);
  expect(await readFile(files[0] ?? '', 'utf8')).toBe(content);
  expect(await readdir(join(dir, 'sockets'))).toHaveLength(1);
});

it('a file that is written by many at once is one of theirs, and no draft is left', async () => {
  const file = join(dir, 'deep', 'file');
  await Promise.all(many.map((at) => writeFileAtomically(file, `${at}`.repeat(5000))));
  expect(many.map((at) => `${at}`.repeat(5000))).toContain(await readFile(file, 'utf8'));
  expect(await readdir(join(dir, 'deep'))).toEqual(['file']);
});

it('notes on one process that are taken at once leave no draft', async () => {
  const notes = openProcessNotes(dir);
  const gone = await Promise.all(many.map(() => notes.keep('task', process.pid)));
  expect(await readdir(dir)).toEqual([`task.${process.pid}.json`]);
  await Promise.all(gone.map((remove) => remove()));
  expect(await readdir(dir)).toEqual([]);
});
