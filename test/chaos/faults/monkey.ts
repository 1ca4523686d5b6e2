import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf, type Random } from '../random.ts';
import type { FaultCounts, Troubled } from './fault.ts';
import type { Site } from '../site/site.ts';
import { databaseFaults } from './database.ts';
import { sshFaults } from './ssh.ts';
import { telegramFaults } from './telegram.ts';
import { temporalFaults } from './temporal.ts';
import { workerFaults } from './workers.ts';

export interface Monkey {
  /** Ends the faults; every part is whole again when this resolves. */
  stop(): Promise<FaultCounts>;
  /** When workers were killed, in ms of the epoch. */
  readonly workerKillsAtMs: readonly number[];
}

/** Lets every part of a site fail on a schedule of its own, so that faults fall together as they will. */
export function startMonkey(site: Site, seed: number): Monkey {
  const counts: FaultCounts = {
    ...{ dbKills: 0, dbCuts: 0, dbAnswersLost: 0, dbReadOnly: 0, dbFull: 0 },
    ...{ workerKills: 0, temporalKills: 0, sshCuts: 0, telegramFaults: 0 },
  };
  const workerKillsAtMs: number[] = [];
  const stopping = new AbortController();
  const trouble = async ({ faults, peaceMs: [least, most] }: Troubled, random: Random): Promise<void> => {
    for (;;) {
      await sleep(random.between(least, most), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const fault = random.pick(faults.map((each) => [each, each.weight] as const));
      counts[fault.counts] += 1;
      if (fault.counts === 'workerKills') workerKillsAtMs.push(Date.now());
      await fault.strike(site, random);
    }
  };
  const parts = [databaseFaults, workerFaults, temporalFaults, sshFaults, telegramFaults];
  const running = Promise.all(parts.map((part, at) => trouble(part, randomOf(seed * 31 + at))));
  // A fault that can't be done is told by stop; until then the others go on.
  running.catch(() => undefined);
  return {
    workerKillsAtMs,
    async stop() {
      stopping.abort();
      await running;
      site.botApi.clearFaults();
      return counts;
    },
  };
}
