import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = resolve(import.meta.dirname, '..', '..', 'deploy', 'operations', 'rotate-key.sh');
let dir: string;
let key: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ah-key-'));
  key = join(dir, 'autoheal_id_ed25519');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = (step: string) =>
  spawnSync('sh', [script, step], {
    env: { PATH: process.env['PATH'] ?? '', KEY_FOLDER: dir },
    encoding: 'utf8',
  });
const publicOf = (file: string): string =>
  execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).split(' ').slice(0, 2).join(' ');
const pub = (file: string): string => readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');

it('puts both files of the new key in place, private as before, and keeps the old pair', () => {
  const before = pub(key);
  const prepared = run('prepare');
  expect(prepared.status).toBe(0);
  const next = pub(join(dir, 'next_autoheal_id_ed25519'));
  expect(prepared.stdout).toContain(next);
  expect(pub(key)).toBe(before);

  expect(run('switch')).toMatchObject({ status: 0, stderr: '' });
  expect(publicOf(key)).toBe(next);
  expect(pub(key)).toBe(next);
  expect(statSync(key).mode & 0o777).toBe(0o600);
  const old = join(dir, 'previous_autoheal_id_ed25519');
  expect([publicOf(old), pub(old)]).toEqual([before, before]);
});

it('switches to nothing, and makes no second key over the first', () => {
  expect(run('switch')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('run prepare first') as string,
  });
  run('prepare');
  expect(run('prepare').status).toBe(1);
  expect(run('turn').status).toBe(2);
});
