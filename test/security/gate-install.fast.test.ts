import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let dir: string;
const path = (...names: string[]) => join(dir, ...names);
const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample';
const otherKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOtherOtherOther someone';

function install(...more: string[]) {
  const args = [
    ...['deploy/host-gate/install.sh', '--user', 'nobody-here', '--key-file', path('key.pub')],
    ...['--authorized-keys', path('ssh', 'authorized_keys'), '--gate', path('sbin', 'autoheal-gate')],
    ...['--config-dir', path('etc'), ...more],
  ];
  const env = { ...process.env, PATH: `${path('bin')}:${process.env['PATH'] ?? ''}` };
  const { status, stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8', env });
  return { status, stdout, stderr };
}
const keys = () => readFileSync(path('ssh', 'authorized_keys'), 'utf8');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gate-install-'));
  mkdirSync(path('ssh'));
  mkdirSync(path('bin'));
  writeFileSync(path('bin', 'docker'), '#!/bin/sh\n');
  chmodSync(path('bin', 'docker'), 0o755);
  writeFileSync(path('key.pub'), `ssh-ed25519 ${blob} autoheal@scheduler\n`);
  writeFileSync(
    path('ssh', 'authorized_keys'),
    `${otherKey}\n# a note\nssh-ed25519 ${blob} without the gate\n`,
  );
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('the installer of the gate', () => {
  it('puts the key behind the gate, keeps other keys, backs up and shows the difference', () => {
    const { status, stdout, stderr } = install('--from', '192.0.2.110');
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('self-test passed') as string,
    });
    const command = `${path('sbin', 'autoheal-gate')} --protected ${path('etc', 'protected')} --commands ${path('etc', 'commands')}`;
    expect(keys()).toBe(
      `${otherKey}\n# a note\ncommand="${command}",restrict,from="192.0.2.110" ssh-ed25519 ${blob} autoheal@scheduler\n`,
    );
    expect(stdout).toContain(`-ssh-ed25519 ${blob} without the gate`);
    expect(statSync(path('ssh', 'authorized_keys')).mode & 0o777).toBe(0o600);
    expect(statSync(path('sbin', 'autoheal-gate')).mode & 0o777).toBe(0o755);
    const backup = readdirSync(path('ssh')).find((name) => name.includes('before-autoheal')) ?? '';
    expect(readFileSync(path('ssh', backup), 'utf8')).toContain('without the gate');
  });

  it('changes nothing when run again', () => {
    install();
    const before = keys();
    expect(install().stdout).toBe('The gate is in force already; nothing to change.\n');
    expect(keys()).toBe(before);
  });

  it('changes nothing in a dry run', () => {
    const before = keys();
    const { status, stdout } = install('--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain('Dry run: nothing was changed.');
    expect(keys()).toBe(before);
    expect(readdirSync(dir).sort()).toEqual(['bin', 'key.pub', 'ssh']);
  });

  it.each([
    [['--key-file', '/nonexistent'], 'cannot be read'],
    [['--user', ''], '--user is missing'],
    [['--gate', '/usr/sbin/a" x'], 'would misread'],
    [['--surprise'], 'unknown argument --surprise'],
    [['--from'], '--from needs a value'],
  ])('stops at %j and says why', (args, message) => {
    const before = keys();
    const { status, stderr } = install(...args);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(keys()).toBe(before);
  });

  it('makes new folders that the user can enter', () => {
    expect(install('--gate', path('new', 'sbin', 'autoheal-gate')).status).toBe(0);
    for (const folder of [['new'], ['new', 'sbin'], ['etc']]) {
      expect(statSync(path(...folder)).mode & 0o777).toBe(0o755);
    }
  });

  it.each(['ssh', 'authorized_keys'])('follows no link in the folder of a user: %s', (name) => {
    writeFileSync(path('secret'), 'of somebody else\n');
    if (name === 'ssh') {
      renameSync(path('ssh'), path('elsewhere'));
      symlinkSync(path('elsewhere'), path('ssh'));
    } else {
      rmSync(path('ssh', 'authorized_keys'));
      symlinkSync(path('secret'), path('ssh', 'authorized_keys'));
    }
    const { status, stderr, stdout } = install();
    expect(status).toBe(1);
    expect(stderr).toContain('is a link, which is not followed');
    expect(stdout).not.toContain('of somebody else');
    expect(readFileSync(path('secret'), 'utf8')).toBe('of somebody else\n');
  });

  it.each([
    ['acceptenv LANG\nacceptenv LC_*\npermituserenvironment no', 0],
    ['acceptenv LANG\nacceptenv *', 1],
    ['acceptenv LD_*', 1],
    ['acceptenv LC_*\npermituserenvironment yes', 1],
  ])('looks at what sshd lets into the environment: %j', (settings, expected) => {
    writeFileSync(path('bin', 'sshd'), `#!/bin/sh\nprintf '%s\\n' '${settings.replaceAll('\n', "' '")}'\n`);
    chmodSync(path('bin', 'sshd'), 0o755);
    const { status, stderr } = install();
    expect(status).toBe(expected);
    if (expected === 1) expect(stderr).toContain('before the gate runs');
  });

  it('refuses a private key in place of the public one', () => {
    writeFileSync(path('key.pub'), '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n');
    expect(install().stderr).toContain('is not a public key');
  });
});
