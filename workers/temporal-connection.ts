import { NativeConnection } from '@temporalio/worker';
import { temporalOptions } from '../client/connect.ts';
import type { Config } from './config.ts';

/** Connects a worker, waiting for a server that is just starting, and saying so. */
export async function connectWorker(
  config: Config,
  log: (line: string) => void,
): Promise<{ connection: NativeConnection; namespace: string }> {
  const { options, namespace } = temporalOptions(config);
  for (let tries = 1; ; tries++) {
    try {
      return { connection: await NativeConnection.connect(options), namespace };
    } catch (error) {
      const where = options.address ?? 'its address';
      if (tries === 1)
        log(`Temporal is not there yet at ${where} (${String(error)}); trying again until it is`);
      await new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 250 * 2 ** tries)));
    }
  }
}
