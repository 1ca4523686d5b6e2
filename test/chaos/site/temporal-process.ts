import { freePort, type EmbeddedTemporal } from '../../../workers/embedded/temporal-server.ts';
import { startTemporal } from '../../support/temporal.ts';

/** A Temporal server of its own, on a file: killed and started again it goes on where it was. */
export interface TemporalProcess {
  readonly address: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTemporalProcess(file: string): Promise<TemporalProcess> {
  const port = await freePort();
  let server: EmbeddedTemporal | null = await startTemporal({ file, port });
  return {
    address: server.address,
    async kill() {
      if (server === null) return;
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
      server = null;
    },
    async start() {
      server ??= await startTemporal({ file, port });
    },
    async stop() {
      await server?.stop();
      server = null;
    },
  };
}
