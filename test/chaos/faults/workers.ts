import { setTimeout as sleep } from 'node:timers/promises';
import type { Troubled } from './fault.ts';

/** One of the workers loses its power, and comes back. */
export const workerFaults: Troubled = {
  faults: [
    {
      weight: 1,
      counts: 'workerKills',
      async strike(site, random) {
        const victim = site.workers[random.between(0, site.workers.length - 1)];
        await victim?.kill();
        await sleep(random.between(0, 2000));
        await site.startWorker();
      },
    },
  ],
  peaceMs: [4000, 10_000],
};
