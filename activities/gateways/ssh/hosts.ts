import { isAbsolute, join } from 'node:path';
import type { Estate } from '../../../domain/estate.ts';

/** A host of the estate file with everything that ssh has to be told, nothing left to ssh's own defaults. */
export interface SshHost {
  name: string;
  address: string;
  port: number;
  user: string;
  /** Absolute; null where neither the host nor a host on the way to it names one. */
  identityFile: string | null;
  knownHostsFile: string | null;
  jump: SshHost | null;
}

/**
 * Resolves the estate's hosts: paths made absolute from the estate file's folder, key and known_hosts taken from
 * the jump host where a host names none. Throws an Error that names the field when the estate makes no sense.
 */
export function resolveHosts(estate: Estate, estateDir: string): Map<string, SshHost> {
  const resolved = new Map<string, SshHost>();
  const resolve = (name: string, path: readonly string[]): SshHost => {
    const known = resolved.get(name);
    if (known) return known;
    const host = estate.hosts[name];
    if (!host)
      throw new Error(`hosts.${path.at(-1) ?? name}.jump: there is no host ${name} in the estate file`);
    if (path.includes(name))
      throw new Error(`hosts.${name}.jump: goes round in a circle: ${[...path, name].join(' → ')}`);
    if (!/^[A-Za-z0-9:][A-Za-z0-9._:-]*$/.test(host.address)) {
      throw new Error(
        `hosts.${name}.address: must be an IP address or a DNS name, is ${JSON.stringify(host.address)}`,
      );
    }
    const jump = host.jump === undefined ? null : resolve(host.jump, [...path, name]);
    const file = (field: 'identityFile' | 'knownHostsFile'): string | null => {
      const path = host[field];
      if (path === undefined) return jump?.[field] ?? null;
      const absolute = isAbsolute(path) ? path : join(estateDir, path);
      // ssh's configuration has no way to write these down; a variable would even be replaced.
      if (/["\\\n\r]|\$\{/.test(absolute)) {
        throw new Error(
          `hosts.${name}.${field}: no quotes, backslashes, line ends or \${ in a path, has ${JSON.stringify(absolute)}`,
        );
      }
      return absolute;
    };
    const answer: SshHost = {
      name,
      address: host.address,
      port: host.port,
      user: host.user,
      identityFile: file('identityFile'),
      knownHostsFile: file('knownHostsFile'),
      jump,
    };
    resolved.set(name, answer);
    return answer;
  };
  for (const name of Object.keys(estate.hosts)) resolve(name, []);
  return resolved;
}

/** The hosts on the way, the first that is connected to first, the host itself last. */
export function hops(host: SshHost): SshHost[] {
  return host.jump ? [...hops(host.jump), host] : [host];
}
