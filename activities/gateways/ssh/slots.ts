import pLimit, { type LimitFunction } from 'p-limit';

/** sshd lets 10 sessions share a connection (MaxSessions); a person's own may be among them. */
const commandsAtOnce = 8;

/** Lets no more commands run on a host at once than its sshd takes; the others wait in line. */
export class SshSlots {
  readonly #limits = new Map<string, LimitFunction>();

  /** Resolves with what gives the slot back, when it is this caller's turn. */
  take(host: string): Promise<() => void> {
    const limit = this.#limits.get(host) ?? pLimit(commandsAtOnce);
    this.#limits.set(host, limit);
    return new Promise((given) => void limit(() => new Promise<void>((release) => given(release))));
  }
}
