import type { BotApiFault } from '../../support/bot-api.ts';
import type { Fault, Troubled } from './fault.ts';

const failing = (weight: number, fault: BotApiFault, most = 3): Fault => ({
  weight,
  counts: 'telegramFaults',
  async strike({ botApi }, random) {
    botApi.failNext({ ...fault, times: random.between(1, most) });
  },
});

export const telegramFaults: Troubled = {
  faults: [
    failing(4, { status: 429, retryAfter: 1 }, 6),
    failing(3, { status: 500 }),
    failing(1, { status: 502 }),
    // Taken, and the answer lost: the one case in which a message may be there twice.
    failing(2, { mode: 'after', status: 500 }),
    failing(2, { mode: 'reset' }),
    failing(1, { mode: 'hang' }, 1),
  ],
  peaceMs: [500, 3000],
};
