import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { temporalOptions } from '../client/connect.ts';
import type { Config } from '../settings/settings.ts';

/** Connects a worker, waiting for a server that is just starting, and saying so. */
export async function connectWorker(
  config: Config,
  log: (line: string) => void,
): Promise<{ connection: NativeConnection; namespace: string }> {
  const { options: found, namespace } = temporalOptions(config);
  // Both kinds of connection take address, TLS, API key and metadata in the same shape; the rest is the client's own.
  const { address, tls, apiKey, metadata } = found as NativeConnectionOptions;
  const given = Object.entries({ address, tls, apiKey, metadata }).filter(([, value]) => value !== undefined);
  const options: NativeConnectionOptions = Object.fromEntries(given);
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
