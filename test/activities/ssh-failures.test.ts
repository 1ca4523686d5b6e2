import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Estate } from '../../domain/estate.ts';
import { makeKey } from '../../lab/keys.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { failed, host, newFolder, withSsh, type Failed } from './ssh-fixture.ts';

let lab: Lab;
/** A folder with a copy of the lab's key and known_hosts, so that a test can spoil them. */
let dir: string;
let key: string;
let knownHosts: string;

beforeAll(async () => {
  lab = await startLab({ dir: await newFolder(), containers: [] });
});
afterAll(async () => {
  await lab.close();
  await rm(lab.dir, { recursive: true, force: true });
});
beforeEach(async () => {
  dir = await newFolder();
  await mkdir(join(dir, 'config'));
  key = join(dir, 'config/autoheal_id_ed25519');
  knownHosts = join(dir, 'config/known_hosts');
  await copyFile(join(lab.dir, 'config/autoheal_id_ed25519'), key);
  await chmod(key, 0o600);
  await copyFile(join(lab.dir, 'config/known_hosts'), knownHosts);
  return () => rm(dir, { recursive: true, force: true });
});

const attempt = (estate: Estate = lab.estate): Promise<Failed> =>
  withSsh({ dir, estate }, async (ssh) => failed(await ssh.run({ host, argv: ['true'], timeoutMs: 60_000 })));

describe('a connection that does not come about says why, where, and what to do', () => {
  it('no key', async () => {
    await rm(key);
    const failure = await attempt();
    expect(failure).toMatchObject({ reason: 'key_missing', maybeRan: false });
    expect(failure.message).toContain(key);
  });

  it('an estate that names no key', async () => {
    const bastion = { ...lab.estate.hosts['bastion-110'], identityFile: undefined };
    const estate = { ...lab.estate, hosts: { ...lab.estate.hosts, 'bastion-110': bastion } } as Estate;
    expect(await attempt(estate)).toMatchObject({ reason: 'key_missing' });
  });

  it('a key that others can read', async () => {
    await chmod(key, 0o644);
    const failure = await attempt();
    expect(failure.reason).toBe('key_permissions');
    expect(failure.message).toContain('0644');
    expect(failure.advice).toContain(`chmod 600 ${key}`);
  });

  it('a folder, a public key, an empty file or a key with a passphrase in the key’s place', async () => {
    const spoil = async (content: string): Promise<Failed> => {
      await writeFile(key, content, { mode: 0o600 });
      return attempt();
    };
    expect(
      (await spoil(await readFile(join(lab.dir, 'config/autoheal_id_ed25519.pub'), 'utf8'))).message,
    ).toContain('public key');
    expect((await spoil('')).message).toContain('is empty');
    expect((await spoil('nonsense')).reason).toBe('key_unreadable');
    const locked = Buffer.concat([
      Buffer.from('openssh-key-v1\0'),
      Buffer.from([0, 0, 0, 10]),
      Buffer.from('aes256-ctr'),
    ]);
    const armour = (body: string): string =>
      ['-----BEGIN OPENSSH PRIVATE KEY-----', body, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
    expect((await spoil(armour(locked.toString('base64')))).message).toContain('passphrase');
    await rm(key);
    await mkdir(key);
    expect((await attempt()).reason).toBe('key_unreadable');
  });

  it('a file that looks like a key to us and not to ssh', async () => {
    const text = await readFile(key, 'utf8');
    await writeFile(key, text.replace(/(.{30}\n)(.*\n)/, '$1'), { mode: 0o600 });
    expect(await attempt()).toMatchObject({ reason: 'key_unreadable', maybeRan: false });
  });

  it('a new private key beside the old public one, which ssh would offer: a rotation that moved one of two files', async () => {
    await copyFile(join(lab.dir, 'config/autoheal_id_ed25519.pub'), `${key}.pub`);
    await makeKey(join(dir, 'config/next'));
    await rename(join(dir, 'config/next'), key);
    const failure = await attempt();
    expect(failure).toMatchObject({ reason: 'key_mismatch', maybeRan: false });
    expect(failure.message).toContain(`${key}.pub`);
    expect(failure.advice).toContain(`ssh-keygen -y -f ${key}`);
    await rename(join(dir, 'config/next.pub'), `${key}.pub`);
    expect((await attempt()).reason).toBe('auth_refused');
  });

  it('a key that the bastion does not know', async () => {
    await rm(key);
    await makeKey(key);
    const failure = await attempt();
    expect(failure).toMatchObject({ reason: 'auth_refused', maybeRan: false });
    expect(failure.message).toContain('bastion-110');
    expect(failure.message).toContain('wooo');
  });

  it('a key that the bastion knows and the host does not', async () => {
    const other = join(dir, 'config/other');
    await makeKey(other);
    const hosts = {
      ...lab.estate.hosts,
      [host]: { ...lab.estate.hosts[host], identityFile: 'config/other' },
    };
    const failure = await attempt({ ...lab.estate, hosts } as Estate);
    expect(failure.reason).toBe('auth_refused');
    expect(failure.message).toContain(host);
    expect(failure.message).toContain('ollama');
  });

  it('a known_hosts file that is not there', async () => {
    await rm(knownHosts);
    expect(await attempt()).toMatchObject({ reason: 'host_key_unknown', maybeRan: false });
  });

  it.each(['bastion', 'target'] as const)('a host key of the %s that is not pinned', async (which) => {
    const lines = (await readFile(knownHosts, 'utf8')).split('\n');
    const port = `:${lab.ports[which]} `;
    await writeFile(knownHosts, lines.filter((line) => !line.includes(port)).join('\n'));
    const failure = await attempt();
    expect(failure.reason).toBe('host_key_unknown');
    expect(failure.message).toContain(which === 'bastion' ? 'bastion-110' : host);
  });

  it.each(['bastion', 'target'] as const)('a host key of the %s that has changed', async (which) => {
    await makeKey(join(dir, 'stranger'));
    const stranger = (await readFile(join(dir, 'stranger.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');
    const lines = (await readFile(knownHosts, 'utf8')).split('\n');
    const address = `[127.0.0.1]:${lab.ports[which]}`;
    const changed = lines.map((line) => (line.startsWith(`${address} `) ? `${address} ${stranger}` : line));
    await writeFile(knownHosts, changed.join('\n'));
    const failure = await attempt();
    expect(failure).toMatchObject({ reason: 'host_key_changed', maybeRan: false });
    expect(failure.message).toContain(which === 'bastion' ? 'bastion-110' : host);
  });

  it('a bastion that is down, and a host behind it that is down', async () => {
    await lab.refuse('bastion', true);
    try {
      expect(await attempt()).toMatchObject({ reason: 'bastion_unreachable', maybeRan: false });
    } finally {
      await lab.refuse('bastion', false);
    }
    await lab.refuse('host', true);
    try {
      const failure = await attempt();
      expect(failure).toMatchObject({ reason: 'target_unreachable', maybeRan: false });
      expect(failure.message).toContain('through bastion-110');
    } finally {
      await lab.refuse('host', false);
    }
  });

  it('a bastion and a host that take the connection and never answer', async () => {
    for (const [which, reason] of [
      ['bastion', 'bastion_unreachable'],
      ['host', 'target_unreachable'],
    ] as const) {
      lab.freeze(which, true);
      try {
        const failure = await attempt();
        expect(failure).toMatchObject({ reason, maybeRan: false });
        expect(failure.message).toContain('did not answer in time');
      } finally {
        lab.freeze(which, false);
      }
    }
  });

  it('a name that does not resolve, and a port on which something else answers', async () => {
    const bastion = { ...lab.estate.hosts['bastion-110'], address: 'no-such-host.invalid' };
    const lost = { ...lab.estate, hosts: { ...lab.estate.hosts, 'bastion-110': bastion } } as Estate;
    expect(await attempt(lost)).toMatchObject({ reason: 'bastion_unreachable' });

    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    );
    const wrong = { ...lab.estate.hosts['bastion-110'], port };
    const estate = { ...lab.estate, hosts: { ...lab.estate.hosts, 'bastion-110': wrong } } as Estate;
    expect(await attempt(estate)).toMatchObject({ reason: 'bastion_unreachable', maybeRan: false });
    other.close();
  });

  it('says nothing of the key’s content', async () => {
    const secret = (await readFile(key, 'utf8')).split('\n')[2] ?? '';
    await writeFile(key, (await readFile(key, 'utf8')).replace('BEGIN', 'BEGUN'), { mode: 0o600 });
    const failure = await attempt();
    expect(secret.length).toBeGreaterThan(20);
    expect(JSON.stringify(failure)).not.toContain(secret);
  });
});
