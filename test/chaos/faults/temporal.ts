import { setTimeout as sleep } from 'node:timers/promises';
import type { Troubled } from './fault.ts';

/** Temporal's own server is killed and started again; its database is kept. */
export const temporalFaults: Troubled = {
  faults: [
    {
      weight: 1,
      counts: 'temporalKills',
      async strike({ temporal }, random) {
        await temporal.kill();
        await sleep(random.between(200, 3000));
        await temporal.start();
      },
    },
  ],
  peaceMs: [15_000, 35_000],
};
