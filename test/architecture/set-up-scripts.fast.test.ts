import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = (path: string) => fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'autoheal-deploy-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a tiny program first on the PATH that writes down how it was called, then runs `body`. */
const standIn = (name: string, body: string) => {
  const path = join(folder, 'bin', name);
  writeFileSync(path, `#!/bin/sh\necho "$*" >> "${join(folder, 'calls')}"\n${body}\n`);
  chmodSync(path, 0o755);
};

const run = (path: string, env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync('sh', [script(path)], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, ...env },
  });
  return { status, stdout, stderr };
};
const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

describe('make-secrets.sh', () => {
  const secret = (name: string) => readFileSync(join(folder, 'config/secrets', name), 'utf8');

  it('makes each password for its owner only, and the database URL from its password', () => {
    expect(run('docker/make-secrets.sh').status).toBe(0);
    expect(secret('api_token')).toMatch(/^[0-9a-f]{48}$/);
    expect(secret('api_token')).not.toBe(secret('temporal_db_password'));
    expect(new URL(secret('database_url')).password).toBe(secret('autoheal_db_password'));
    expect(statSync(join(folder, 'config/secrets/api_token')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'config/secrets')).mode & 0o777).toBe(0o700);
  });

  it('leaves a secret that is there as it is', () => {
    mkdirSync(join(folder, 'config/secrets'), { recursive: true });
    writeFileSync(join(folder, 'config/secrets/autoheal_db_password'), 'chosen');
    expect(run('docker/make-secrets.sh').stdout).toContain('kept  config/secrets/autoheal_db_password');
    expect(secret('autoheal_db_password')).toBe('chosen');
    expect(secret('database_url')).toContain(':chosen@');
  });
});

describe('setup-schema.sh', () => {
  const password = 'correct horse';
  const passwordFile = () => {
    writeFileSync(join(folder, 'password'), password);
    return join(folder, 'password');
  };

  it('creates both databases and brings their schemas up, with the password in no command line', () => {
    standIn('temporal-sql-tool', `test "$SQL_PASSWORD" = '${password}'`);
    const { status } = run('temporal/setup-schema.sh', { SQL_PASSWORD_FILE: passwordFile() });
    expect(status).toBe(0);
    expect(calls().map((call) => call.split(' ').slice(1, 3).join(' '))).toEqual([
      'temporal create-database',
      'temporal setup-schema',
      'temporal update-schema',
      'temporal_visibility create-database',
      'temporal_visibility setup-schema',
      'temporal_visibility update-schema',
    ]);
    expect(calls().join()).not.toContain(password);
  });

  it('stops at the first step that fails', () => {
    standIn('temporal-sql-tool', 'exit 1');
    expect(run('temporal/setup-schema.sh', { SQL_PASSWORD_FILE: passwordFile() }).status).toBe(1);
    expect(calls()).toHaveLength(1);
  });

  it('says which setting is missing', () => {
    expect(run('temporal/setup-schema.sh').stderr).toContain('SQL_PASSWORD_FILE');
  });
});

describe('create-namespace.sh', () => {
  const settings = { TEMPORAL_NAMESPACE: 'default', RETENTION: '720h' };

  it('creates the namespace with its retention where there is none', () => {
    standIn('temporal', 'case "$*" in *describe*) exit 1 ;; esac');
    expect(run('temporal/create-namespace.sh', settings).status).toBe(0);
    expect(calls().at(-1)).toBe('operator namespace create --namespace default --retention 720h');
  });

  it('leaves a namespace that is there as it is', () => {
    standIn('temporal', 'exit 0');
    expect(run('temporal/create-namespace.sh', settings).stdout).toContain('Namespace default is there.');
    expect(calls().join()).not.toContain('create');
  });
});
