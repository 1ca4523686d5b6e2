import type { Client } from '@temporalio/client';
import { Gauge, type Registry } from 'prom-client';
import { pollersOf, pollsWithinMs } from '../pollers.ts';
import type { Wellness } from './serve-metrics.ts';

const everyMs = 10_000;

/** Watches, in Temporal's own words, whether this worker polls: a process that is there but takes nothing heals nothing. */
export function watchPolls(options: {
  client: Client;
  taskQueue: string;
  identity: string;
  registry: Registry;
}): { wellness: () => Wellness; stop: () => void } {
  const { client, taskQueue, identity, registry } = options;
  const begunMs = Date.now();
  let lastMs: number | null = null;
  const ageSec = (): number => (Date.now() - (lastMs ?? begunMs)) / 1000;
  new Gauge({
    name: 'autoheal_worker_poll_age_seconds',
    help: 'How long ago Temporal saw this worker poll; since its start where it has not yet.',
    registers: [registry],
    collect() {
      this.set(ageSec());
    },
  });
  const look = async (): Promise<void> => {
    const own = (await pollersOf(client, taskQueue)).find((poller) => poller.identity === identity);
    if (own !== undefined) lastMs = Date.now() - own.agoMs;
  };
  let timer: NodeJS.Timeout;
  const again = (): void => {
    // While Temporal is away the age simply grows.
    const looked = look().catch(() => undefined);
    void looked.then(() => {
      timer = setTimeout(again, lastMs === null ? 500 : everyMs).unref();
    });
  };
  timer = setTimeout(again, 500).unref();
  return {
    wellness: () => {
      const age = Math.round(ageSec());
      if (lastMs === null)
        return { ok: false, detail: `has not polled ${taskQueue} in the ${age} s since its start` };
      return { ok: age * 1000 <= pollsWithinMs, detail: `polled ${taskQueue} ${age} s ago` };
    },
    stop: () => clearTimeout(timer),
  };
}
