import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../files/atomic-file.ts';
import type { SshHost } from './hosts.ts';

/** Time for one hop's TCP connection and greeting. A host that needs longer is not in a state to be healed. */
const connectTimeoutSec = 8;

/**
 * The ssh configuration of an estate. `ssh -J` alone gives the bastion neither the key nor the pinned host keys;
 * a file given with `-F` holds for every hop (ADR-013 A5).
 */
export function renderSshConfig(hosts: Iterable<SshHost>): string {
  return [...hosts].map(renderHost).join('\n');
}

function renderHost(host: SshHost): string {
  const options: [string, string][] = [
    ['HostName', host.address],
    ['Port', String(host.port)],
    ['User', host.user],
    ...(host.jump ? ([['ProxyJump', host.jump.name]] as [string, string][]) : []),
    ['IdentityFile', path(host.identityFile)],
    ['IdentitiesOnly', 'yes'],
    ['IdentityAgent', 'none'],
    ['UserKnownHostsFile', path(host.knownHostsFile)],
    ['GlobalKnownHostsFile', '/dev/null'],
    ['StrictHostKeyChecking', 'yes'],
    ['UpdateHostKeys', 'no'],
    ['BatchMode', 'yes'],
    ['PreferredAuthentications', 'publickey'],
    // The default key exchange costs 75 ms a hop more (docs/decisions.md); both are safe.
    ['KexAlgorithms', '^curve25519-sha256,curve25519-sha256@libssh.org'],
    ['ConnectTimeout', String(connectTimeoutSec)],
    // A connection that died without a word is noticed after 15 s.
    ['ServerAliveInterval', '5'],
    ['ServerAliveCountMax', '3'],
    ['ForwardAgent', 'no'],
    ['ForwardX11', 'no'],
    ['PermitLocalCommand', 'no'],
    ['RequestTTY', 'no'],
    ['EscapeChar', 'none'],
  ];
  return [`Host ${host.name}`, ...options.map(([name, value]) => `  ${name} ${value}`), ''].join('\n');
}

/** Quoted for spaces; a percent sign would begin one of ssh's own tokens. */
const path = (file: string | null): string => (file === null ? 'none' : `"${file.replaceAll('%', '%%')}"`);

/**
 * Writes the configuration into `dir`, readable by its owner only, and returns the file's path. The name is made
 * of the content, so that processes with different estates don't take each other's file; first connections to
 * several hosts write it at the same time. Throws on a full disk.
 */
export async function writeSshConfig(dir: string, content: string): Promise<string> {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const file = join(dir, `${digest}.conf`);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists) return file;
  await writeFileAtomically(file, content);
  return file;
}
