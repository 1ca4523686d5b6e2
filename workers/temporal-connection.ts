import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { readAddresses } from '../files/addresses.ts';
import { ConfigProblem, type Config } from './config.ts';

/** How to reach Temporal: its environment configuration (address, TLS, API key, profile), else the embedded server. */
function connectOptions(config: Config) {
  if (!config.embeddedTemporal) {
    const { connectionOptions, namespace } = loadClientConnectConfig();
    // The environment configuration reads TEMPORAL_API_KEY, but not a file of it.
    const apiKey = config.TEMPORAL_API_KEY;
    const options = {
      ...connectionOptions,
      ...(apiKey === undefined ? {} : { apiKey, tls: connectionOptions.tls ?? true }),
    };
    return { options, namespace: namespace ?? config.TEMPORAL_NAMESPACE };
  }
  const embedded = readAddresses(config.home);
  if (embedded === null) {
    throw new ConfigProblem(
      `TEMPORAL_ADDRESS is not set, and no embedded server runs in ${config.home}. Start one with \`autoheal up\`, or set TEMPORAL_ADDRESS.`,
    );
  }
  return { options: { address: embedded.temporal }, namespace: config.TEMPORAL_NAMESPACE };
}

/** @throws ConfigProblem when there is nothing to connect to; otherwise connects when first used */
export function openClient(config: Config): { client: Client; close: () => Promise<void> } {
  const { options, namespace } = connectOptions(config);
  const connection = Connection.lazy(options);
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}

/** Connects a worker, waiting for a server that is just starting, and saying so. */
export async function connectWorker(
  config: Config,
  log: (line: string) => void,
): Promise<{ connection: NativeConnection; namespace: string }> {
  const { options, namespace } = connectOptions(config);
  for (let tries = 1; ; tries++) {
    try {
      return { connection: await NativeConnection.connect(options), namespace };
    } catch (error) {
      if (tries === 1)
        log(
          `Temporal is not there yet at ${options.address ?? 'its address'} (${String(error)}); trying again until it is`,
        );
      await new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 250 * 2 ** tries)));
    }
  }
}
