import { createHash } from 'node:crypto';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { renderSshConfig, writeSshConfig } from './config.ts';
import type { SshFailure } from './failure.ts';
import type { SshHost } from './hosts.ts';
import { checkFiles } from './preflight.ts';
import { endMaster, isAnswering, openMaster, trimLogs, type SshMaster } from './master.ts';
import { makeSocketDir } from './sockets.ts';

export type Connected = { ok: true; master: SshMaster } | { ok: false; failure: SshFailure };

const commandsBetweenTrims = 200;

/** Holds one open connection per host, opens it when it is missing and replaces it when it is dead or stuck. */
export class SshConnections {
  readonly #home: string;
  readonly #config: string;
  readonly #masters = new Map<string, { master: SshMaster; uses: number }>();
  readonly #opening = new Map<string, Promise<Connected>>();
  readonly #ending = new Set<Promise<void>>();
  #dir: Promise<string> | undefined;
  readonly #closing = new AbortController();
  #generation = 0;

  constructor(home: string, hosts: Iterable<SshHost>) {
    this.#home = home;
    this.#config = renderSshConfig(hosts);
  }

  /** A connection that answered just now. All who ask while one is being opened get that one. */
  async take(host: SshHost): Promise<Connected> {
    const held = this.#masters.get(host.name);
    if (held) {
      if (await isAnswering(held.master)) {
        if (++held.uses % commandsBetweenTrims === 0) await trimLogs(held.master);
        return { ok: true, master: held.master };
      }
      this.drop(held.master);
    }
    const current = this.#opening.get(host.name);
    if (current) return current;
    const opening = this.#open(host).finally(() => this.#opening.delete(host.name));
    this.#opening.set(host.name, opening);
    return opening;
  }

  /** Gives up a connection: the next command opens another. Commands that run over it may finish. */
  drop(master: SshMaster): void {
    if (this.#masters.get(master.host)?.master === master) this.#masters.delete(master.host);
    else return;
    const ending = endMaster(master, 'stop').finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  /** A name for one command's log file. */
  logFile(master: SshMaster): string {
    return `${master.socket}.c${++this.#generation}`;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#opening.values());
    const masters = [...this.#masters.values()].map(({ master }) => master);
    this.#masters.clear();
    await Promise.all([...masters.map((master) => endMaster(master, 'exit')), ...this.#ending]);
    const dir = await this.#dir?.catch(() => undefined);
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  }

  async #open(host: SshHost): Promise<Connected> {
    const failure = await checkFiles(host);
    if (failure) return { ok: false, failure };
    try {
      const dir = await this.#socketDir();
      const configFile = await writeSshConfig(dir, this.#config);
      const name = createHash('sha256').update(host.name).digest('hex').slice(0, 8);
      const opened = await openMaster(
        host,
        configFile,
        join(dir, `${name}.${++this.#generation}`),
        this.#closing.signal,
      );
      if (!opened.ok) return this.#closing.signal.aborted ? { ok: false, failure: closedFailure } : opened;
      if (this.#closing.signal.aborted) {
        await endMaster(opened.master, 'exit');
        return { ok: false, failure: closedFailure };
      }
      this.#masters.set(host.name, { master: opened.master, uses: 0 });
      return opened;
    } catch (error) {
      return { ok: false, failure: stateFailure(this.#home, error) };
    }
  }

  async #socketDir(): Promise<string> {
    // A folder below the temporary one may have been swept away since.
    const known = await this.#dir?.catch(() => undefined);
    const there =
      known !== undefined &&
      (await access(known).then(
        () => true,
        () => false,
      ));
    if (there) return known;
    if (known !== undefined) return mkdir(known, { recursive: true, mode: 0o700 }).then(() => known);
    this.#dir = makeSocketDir(this.#home);
    return this.#dir;
  }
}

const closedFailure: SshFailure = {
  reason: 'connection_lost',
  message: 'AutoHeal is shutting down and opens no new connections',
  advice: 'Nothing: another worker, or this one after its restart, goes on.',
};

const stateFailure = (home: string, error: unknown): SshFailure => ({
  reason: 'target_unreachable',
  message: `AutoHeal can't keep its ssh sockets: ${error instanceof Error ? error.message : String(error)}`,
  advice: `Check that ${home} is there, is writable for AutoHeal's user, and that its disk is not full.`,
});
