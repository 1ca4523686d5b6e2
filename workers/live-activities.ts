import type { Activities } from '../activities/index.ts';
import type { SshLayer } from '../activities/gateways/ssh/layer.ts';

/** What one content of the estate file makes. */
export interface ActivitySet {
  activities: Activities;
  ssh: SshLayer;
}

/** Decide what is touched, or touch it: the estate file is looked at right before. */
const lookFirst: ReadonlySet<string> = new Set<keyof Activities>(['matchPlaybook', 'executeSsh', 'runTask']);

/**
 * Activities that a worker registers once, and that go by the newest set. A call goes by one set from its beginning
 * to its end; connections that no set uses any more are closed when the last call over them has ended.
 */
export class LiveActivities {
  readonly activities: Activities;
  #current: ActivitySet;
  readonly #calls = new Map<SshLayer, number>();

  constructor(first: ActivitySet, look: () => void) {
    this.#current = first;
    const forwarded = Object.keys(first.activities).map((name) => [
      name,
      async (...args: unknown[]): Promise<unknown> => {
        if (lookFirst.has(name)) look();
        const set = this.#current;
        this.#count(set.ssh, 1);
        try {
          return await callOf(set.activities, name)(...args);
        } finally {
          this.#count(set.ssh, -1);
        }
      },
    ]);
    this.activities = Object.fromEntries(forwarded) as Activities;
  }

  use(next: ActivitySet): void {
    const { ssh } = this.#current;
    this.#current = next;
    this.#count(ssh, 0);
  }

  close(): Promise<void> {
    return this.#current.ssh.close();
  }

  #count(ssh: SshLayer, change: number): void {
    const calls = (this.#calls.get(ssh) ?? 0) + change;
    this.#calls.set(ssh, calls);
    if (calls > 0 || ssh === this.#current.ssh) return;
    this.#calls.delete(ssh);
    void ssh.close();
  }
}

type Call = (...args: unknown[]) => Promise<unknown>;
const callOf = (activities: Activities, name: string): Call =>
  (activities as Record<string, unknown>)[name] as Call;
