import { setTimeout as sleep } from 'node:timers/promises';
import { startTemporalServer, type EmbeddedTemporal, type TemporalServerOptions } from './temporal-server.ts';

const pauseMs = 500;
const longestPauseMs = 10_000;

/**
 * The embedded server, started again whenever it ends by itself: on the same ports, for the workers and callers that
 * know them, and on the same file, so everything goes on where it was.
 */
export async function superviseTemporal(options: TemporalServerOptions): Promise<EmbeddedTemporal> {
  let server = await startTemporalServer(options);
  let stopping = false;
  const first = server;
  const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));
  const kept: TemporalServerOptions = {
    ...options,
    keepPorts: true,
    port: portOf(first.address),
    uiPort: first.uiUrl === null ? null : portOf(first.uiUrl),
  };
  const watch = async (): Promise<void> => {
    for (let pause = pauseMs; !stopping;) {
      await server.ended;
      if (stopping) return;
      options.log(`Temporal has ended; starting it again in ${pause / 1000} s`);
      await sleep(pause);
      try {
        if (!stopping) server = await startTemporalServer(kept);
        pause = pauseMs;
      } catch (error) {
        options.log(error instanceof Error ? error.message : String(error));
        pause = Math.min(longestPauseMs, pause * 2);
      }
    }
  };
  const ended = watch();
  return {
    address: first.address,
    uiUrl: first.uiUrl,
    get pid() {
      return server.pid;
    },
    ended,
    async stop() {
      stopping = true;
      await server.stop();
    },
  };
}
