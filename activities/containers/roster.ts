import pLimit from 'p-limit';
import type { Container } from '../../domain/container/container.ts';
import type { Mention } from '../../domain/container/mentions.ts';
import { matchCommand } from '../../domain/policy/command.ts';
import type { SshLayer } from '../gateways/ssh/layer.ts';
import { dockerFailure, lookUpContainer } from './look-up-container.ts';

/** One container of a host, as it was when it was last described. */
export interface RosterEntry {
  container: Container;
  /** What it depends on, by its own description. */
  mentions: Mention[];
  seenAtMs: number;
}

export type HostRoster =
  /** `complete`: every container that docker lists could be described. */
  { kind: 'listed'; entries: RosterEntry[]; complete: boolean } | { kind: 'failed'; reason: string };

/** Names, labels and networks of a container hardly change while it lives; its state is looked at anew each time. */
const identityForMs = 60_000;
const timeoutMs = 10_000;
/** Beside what heals: a host takes ten sessions on one connection (sshd's MaxSessions). */
const atOnce = 4;

/**
 * Who is on a host: every container with its names, networks and what it depends on. Each is described once a
 * minute at most; what a decision needs of its state, it looks at itself.
 */
export class Roster {
  readonly #ssh: SshLayer;
  readonly #known = new Map<string, Map<string, RosterEntry>>();

  constructor({ ssh }: { ssh: SshLayer }) {
    this.#ssh = ssh;
  }

  async of(host: string): Promise<HostRoster> {
    const listed = await this.#list(host);
    if ('reason' in listed) return { kind: 'failed', reason: listed.reason };
    const known = this.#known.get(host) ?? new Map<string, RosterEntry>();
    const freshFrom = Date.now() - identityForMs;
    let complete = true;
    const inTurn = pLimit(atOnce);
    const describe = async (id: string): Promise<RosterEntry | null> => {
      const before = known.get(id);
      if (before !== undefined && before.seenAtMs >= freshFrom) return before;
      const found = await lookUpContainer(this.#ssh, { host, name: id, timeoutMs, oneOfMany: true });
      if (found.kind === 'found')
        return { container: found.container, mentions: found.mentions, seenAtMs: Date.now() };
      // One that is gone meanwhile is no gap.
      if (found.kind !== 'none') complete = false;
      return null;
    };
    const described = await Promise.all(listed.ids.map((id) => inTurn(() => describe(id))));
    const entries = described.filter((entry) => entry !== null);
    this.#known.set(host, new Map(entries.map((entry) => [entry.container.id, entry])));
    return { kind: 'listed', entries, complete };
  }

  async #list(host: string): Promise<{ ids: string[] } | { reason: string }> {
    const command = matchCommand('docker ps -a -q --no-trunc');
    if (!command.ok) return { reason: command.reason };
    const { argv, maxOutputBytes } = command;
    const result = await this.#ssh.run({ host, argv, timeoutMs, maxOutputBytes });
    if (result.kind === 'failed') return { reason: result.message };
    if (result.exitCode !== 0)
      return { reason: dockerFailure(host, result.stderr, result.exitCode, result.durationMs).message };
    const ids = result.stdout.split(/\s+/).filter((word) => /^[0-9a-f]{64}$/.test(word));
    return { ids };
  }
}
