import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import type { SshFailure } from './failure.ts';
import { hops, type SshHost } from './hosts.ts';

/**
 * Looks at the key and the known_hosts file of every hop before anything is connected: ssh's own words for these
 * are "Permission denied", which sends people to the wrong place. Null: nothing is wrong with them.
 */
export async function checkFiles(host: SshHost): Promise<SshFailure | null> {
  for (const hop of hops(host)) {
    const failure = (await checkKey(hop)) ?? (await checkKnownHosts(hop));
    if (failure) return failure;
  }
  return null;
}

async function checkKey({ name, identityFile: file }: SshHost): Promise<SshFailure | null> {
  if (file === null) {
    return {
      reason: 'key_missing',
      message: `hosts.${name} of the estate file names no identityFile, and no host on the way does`,
      advice: `Add identityFile to hosts.${name} or to its jump host.`,
    };
  }
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const found = await handle.stat();
    if (!found.isFile()) return unusable(file, 'is not a file');
    const { mode, uid } = found;
    // The rule of ssh itself: it looks at the mode of the user's own files only.
    if (uid === process.getuid?.() && (mode & 0o077) !== 0) {
      return {
        reason: 'key_permissions',
        message: `others can read the ssh key ${file} (mode ${(mode & 0o777).toString(8).padStart(4, '0')}), so ssh won't use it`,
        advice: `Run: chmod 600 ${file}`,
      };
    }
    const content = await handle.readFile('utf8');
    return notAKey(file, content) ?? (await otherPublicKey(file, content));
  } catch (error) {
    return cannotRead(file, error);
  } finally {
    await handle?.close();
  }
}

const unusable = (file: string, what: string): SshFailure => ({
  reason: 'key_unreadable',
  message: `${file} ${what}`,
  advice:
    'Put the private key there: the file without .pub, made by ssh-keygen -t ed25519 with an empty passphrase.',
});

function notAKey(file: string, content: string): SshFailure | null {
  if (content.trim() === '') return unusable(file, 'is empty');
  if (/^(ssh-|ecdsa-|sk-)/.test(content)) return unusable(file, 'is a public key, not a private one');
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----/m.test(content)) return unusable(file, 'is not a private key');
  if (/ENCRYPTED/.test(content) || hasPassphrase(content))
    return unusable(file, 'has a passphrase, and nobody is there to type it');
  return null;
}

/** OpenSSH's own format names its cipher in the first bytes; `none` is a key without a passphrase. */
function hasPassphrase(content: string): boolean {
  const bytes = opensshBody(content);
  if (bytes === null) return false;
  const cipherLength = bytes.length > 19 ? bytes.readUInt32BE(15) : 0;
  return bytes.subarray(19, 19 + cipherLength).toString('latin1') !== 'none';
}

/**
 * ssh offers the key of the `.pub` file beside a private key, whatever the private key is. After a rotation that moved
 * one file only, every host refuses us, and ssh's own words for it are "Permission denied".
 */
async function otherPublicKey(file: string, content: string): Promise<SshFailure | null> {
  const beside = await readFile(`${file}.pub`, 'utf8').catch(() => null);
  const given = beside?.trim().split(/\s+/)[1];
  const own = publicKeyIn(content);
  if (given === undefined || own === null || given === own) return null;
  return {
    reason: 'key_mismatch',
    message: `${file}.pub is the public key of another private key, so ssh would offer that one`,
    advice: `Move the .pub file of the new key along, or write it anew: ssh-keygen -y -f ${file} > ${file}.pub`,
  };
}

/** OpenSSH's own format holds the public key before the private one: base64, as a .pub file has it. */
function publicKeyIn(content: string): string | null {
  const bytes = opensshBody(content);
  if (bytes === null) return null;
  // After the magic: cipher, key derivation, its options, the number of keys, the first public key.
  let at = 'openssh-key-v1\0'.length;
  const skip = (): void => {
    at += 4 + (at + 4 <= bytes.length ? bytes.readUInt32BE(at) : bytes.length);
  };
  skip();
  skip();
  skip();
  at += 4;
  if (at + 4 > bytes.length) return null;
  return bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at)).toString('base64');
}

function opensshBody(content: string): Buffer | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)/.exec(content)?.[1];
  return body === undefined ? null : Buffer.from(body.replace(/\s/g, ''), 'base64');
}

function cannotRead(file: string, error: unknown): SshFailure {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return {
      reason: 'key_missing',
      message: `there is no ssh key at ${file}`,
      advice:
        'Mount the private key there, or correct identityFile in the estate file; nothing needs to be rebuilt or restarted.',
    };
  }
  return {
    reason: 'key_unreadable',
    message: `the ssh key ${file} can't be read (${code ?? String(error)})`,
    advice: `Make it a file that belongs to the user who runs AutoHeal, with mode 600.`,
  };
}

async function checkKnownHosts({
  name,
  knownHostsFile: file,
  address,
  port,
}: SshHost): Promise<SshFailure | null> {
  const advice = `Run: ssh-keyscan -p ${port} ${address}, compare the fingerprint with the host's own, and put the line into the known_hosts file.`;
  if (file === null) {
    return {
      reason: 'host_key_unknown',
      message: `hosts.${name} of the estate file names no knownHostsFile, and no host on the way does`,
      advice,
    };
  }
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return null;
  return { reason: 'host_key_unknown', message: `there is no known_hosts file at ${file}`, advice };
}
