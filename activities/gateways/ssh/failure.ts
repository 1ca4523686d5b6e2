import type { SshFailureReason } from '../../../domain/policy/remote.ts';
import type { SshHost } from './hosts.ts';

/** Why a connection didn't come about, in words for people. */
export interface SshFailure {
  reason: SshFailureReason;
  /** What happened, where, in a sentence. */
  message: string;
  /** What to do about it. */
  advice: string;
}

/**
 * Tells apart why a connection to `host` failed. `outer` is what ssh wrote about the host itself, `inner` what the
 * ssh processes of its jump hosts wrote: two channels, so that a bastion's trouble is never blamed on the host.
 */
export function explainConnection(
  host: SshHost,
  log: { inner: string; outer: string; timedOut: boolean },
): SshFailure {
  const inner = spoken(log.inner);
  const outer = spoken(log.outer);
  const bastion = host.jump;
  if (bastion) {
    const forwarding = lastMatch(inner, /open failed/i) ?? lastMatch(inner, /stdio forwarding failed/i);
    if (forwarding !== null) return unreachable(host, tunnelTrouble(inner, forwarding), bastion);
    const failure = explainHop(bastion, inner);
    if (failure)
      return {
        ...failure,
        reason: failure.reason === 'target_unreachable' ? 'bastion_unreachable' : failure.reason,
      };
    if (!inner.some((line) => line.startsWith('Authenticated to '))) {
      const why = log.timedOut
        ? 'it did not answer in time'
        : (inner.at(-1) ?? outer.at(-1) ?? 'the connection was closed');
      return { ...unreachable(bastion, why, null), reason: 'bastion_unreachable' };
    }
  }
  const failure = explainHop(host, outer);
  if (failure) return failure;
  const why = log.timedOut
    ? 'it did not answer in time'
    : (outer.at(-1) ?? inner.at(-1) ?? 'the connection was closed');
  return unreachable(host, why, bastion);
}

/** Null: nothing that this hop's ssh said is a known failure. */
function explainHop(hop: SshHost, lines: string[]): SshFailure | null {
  const where = `${hop.name} (${hop.address} port ${hop.port})`;
  const keyLine = lastMatch(lines, /^Load key .*/);
  if (keyLine !== null) {
    const permissions = /permissions/i.test(keyLine);
    return {
      reason: permissions ? 'key_permissions' : 'key_unreadable',
      message: `ssh can't use the key ${hop.identityFile}: ${keyLine}`,
      advice: permissions
        ? `Run: chmod 600 ${hop.identityFile}`
        : 'Put a private key without a passphrase there.',
    };
  }
  if (lastMatch(lines, /HOST IDENTIFICATION HAS CHANGED|revoked host key/i) !== null) {
    return {
      reason: 'host_key_changed',
      message: `${where} shows another host key than the one pinned in ${hop.knownHostsFile}: it was reinstalled, or somebody stands between`,
      advice: `Find out which. Only when the new key is right: ssh-keygen -R '[${hop.address}]:${hop.port}' -f ${hop.knownHostsFile}, then add the new line.`,
    };
  }
  if (lastMatch(lines, /Host key verification failed|host key is known/i) !== null) {
    return {
      reason: 'host_key_unknown',
      message: `${hop.knownHostsFile} holds no key of ${where}`,
      advice: `Run: ssh-keyscan -p ${hop.port} ${hop.address}, compare the fingerprint with the host's own, and add the line.`,
    };
  }
  if (
    lastMatch(lines, /Permission denied|Too many authentication failures|No supported authentication/i) !==
    null
  ) {
    return {
      reason: 'auth_refused',
      message: `${where} does not accept the key ${hop.identityFile} for user ${hop.user}`,
      advice: `Add the public half of the key to ~${hop.user}/.ssh/authorized_keys on ${hop.name}.`,
    };
  }
  const line = lastMatch(
    lines,
    /connect to host|Could not resolve|timed out|Connection refused|Connection reset|No route|unreachable|Unable to negotiate/i,
  );
  return line === null ? null : unreachable(hop, line, hop.jump);
}

function unreachable(hop: SshHost, why: string, through: SshHost | null): SshFailure {
  const way = through ? ` through ${through.name}` : '';
  // Behind a jump host ssh knows no address: `Connection closed by UNKNOWN port 65535`.
  const plainly = /UNKNOWN port/.test(why)
    ? /timed out/.test(why)
      ? 'it did not answer in time'
      : 'the connection was closed before ssh could begin'
    : why.replace(/:\s*$/, '');
  return {
    reason: 'target_unreachable',
    message: `no ssh connection to ${hop.name} (${hop.address} port ${hop.port})${way}: ${plainly}`,
    advice: `Check that ${hop.name} is up and runs sshd on port ${hop.port}, and that the network${way} lets it through.`,
  };
}

const tunnelTrouble = (lines: string[], line: string): string =>
  lines.some((each) => /administratively prohibited/i.test(each))
    ? 'the bastion forbids the tunnel (AllowTcpForwarding, PermitOpen)'
    : line;

/** What ssh says for people, without its debug lines. */
function spoken(log: string): string[] {
  return log
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(debug\d:|OpenSSH_|Pseudo-terminal)/.test(line));
}

function lastMatch(lines: string[], pattern: RegExp): string | null {
  return lines.filter((line) => pattern.test(line)).at(-1) ?? null;
}
