import type { Estate, Host } from '../estate.ts';
import { refusal, shown, type PolicyRefusal } from './refusal.ts';

export interface ResolvedTarget {
  ok: true;
  /** The target's key in the estate file. */
  targetKey: string;
  host: string;
  /** The container's name on that host. */
  container: string;
  /** Every name that the estate file knows it by, for `protectionOf`. */
  names: readonly string[];
}

export type TargetRefusal = PolicyRefusal & { rule: 'unknown' | 'empty' | 'ambiguous' };

const listIt = 'name a target of the estate file exactly, or add this one to it';

/**
 * Finds the one target that a report or playbook means: by key, container name or alias, exactly as written.
 * Nothing, no match, or more than one is refused, never read as "all" (architecture.md, invariant 4).
 * @param host estate host (its name or address) that it must be on, where the caller says so
 */
export function resolveTarget(
  name: string | null | undefined,
  host: string | null | undefined,
  estate: Estate,
): ResolvedTarget | TargetRefusal {
  if (name == null || name.trim() === '') return refuse('empty', 'no target is named', listIt);
  const onHost = host == null || host === '' ? null : findHost(host, estate);
  if (onHost?.length === 0) {
    const way = 'name a host of the estate file, or leave the host out';
    return refuse('unknown', `the host "${shown(host ?? '')}" is not in the estate file`, way);
  }
  const named = Object.entries(estate.targets)
    .map(([key, target]) => ({
      key,
      host: target.host,
      container: target.container ?? key,
      aliases: target.aliases,
    }))
    .filter(({ key, container, aliases }) => key === name || container === name || aliases.includes(name));
  const found = onHost === null ? named : named.filter((target) => onHost.includes(target.host));
  const [first, second] = found;
  if (first === undefined) {
    const where = named.length > 0 ? ` on the host "${shown(host ?? '')}"` : '';
    return refuse('unknown', `"${shown(name)}" is no target of the estate file${where}`, listIt);
  }
  if (second !== undefined) {
    const keys = found.map(({ key, host: at }) => `${key} on ${at}`).join(', ');
    const way = "use the target's own key, and name the host as well";
    return refuse('ambiguous', `"${shown(name)}" means ${found.length} targets: ${keys}`, way);
  }
  if (!Object.hasOwn(estate.hosts, first.host)) {
    const reason = `the target ${first.key} is on the host ${first.host}, which is not in the estate file`;
    return refuse('unknown', reason, `add ${first.host} under hosts`);
  }
  const { key, container, aliases } = first;
  return {
    ok: true,
    targetKey: key,
    host: first.host,
    container,
    names: [...new Set([key, container, ...aliases])],
  };
}

/** Hosts meant by a name, an address or, as exporters write it, an address with a port. */
function findHost(host: string, estate: Estate): string[] {
  if (Object.hasOwn(estate.hosts, host)) return [host];
  const address = host.replace(/:\d{1,5}$/, '');
  const hosts: [string, Host][] = Object.entries(estate.hosts);
  return hosts
    .filter(([key, { address: own }]) => own === host || own === address || key === address)
    .map(([key]) => key);
}

function refuse(rule: TargetRefusal['rule'], reason: string, wayForward: string): TargetRefusal {
  return { ...refusal(rule, reason, wayForward), rule };
}
