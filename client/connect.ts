import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readAddresses } from '../settings/addresses.ts';
import type { Settings } from '../settings/caller-settings.ts';
import { DeliveryProblem } from './delivery/delivery-problem.ts';
import { dataConverterOf } from './payload-codec.ts';

export interface OpenClient {
  client: Client;
  /** For messages. */
  address: string;
  close(): Promise<void>;
}

/**
 * Opens the way to Temporal by its environment configuration (address, TLS, API key, profile), else to the embedded
 * server; nothing is connected before it is used.
 * @throws DeliveryProblem `TEMPORAL_AWAY` when nothing is configured and nothing embedded runs
 * @throws CodecProblem when AUTOHEAL_CODEC_KEY is no key
 */
export function openClient(settings: Settings): OpenClient {
  const { options, namespace } = temporalOptions(settings);
  const connection = Connection.lazy(options);
  return {
    client: new Client({ connection, namespace, ...dataConverterOf(settings) }),
    address: options.address ?? 'localhost:7233',
    close: () => connection.close(),
  };
}

/**
 * How to reach Temporal: its environment configuration, else the embedded server of the state folder.
 * @throws DeliveryProblem `TEMPORAL_AWAY` as `openClient`
 */
export function temporalOptions(settings: Settings) {
  return settings.embeddedTemporal ? embedded(settings) : configured(settings);
}

function configured(settings: Settings) {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const address = settings.TEMPORAL_ADDRESS ?? connectionOptions.address;
  // The environment configuration knows TEMPORAL_API_KEY, but not a file of it.
  const apiKey = settings.TEMPORAL_API_KEY ?? connectionOptions.apiKey;
  const tls = connectionOptions.tls ?? (apiKey === undefined ? undefined : true);
  const given = Object.entries({ ...connectionOptions, address, apiKey, tls }).filter(
    ([, value]) => value !== undefined,
  );
  const options = Object.fromEntries(given) as NonNullable<Parameters<typeof Connection.lazy>[0]>;
  // "default" is also what an unset variable reads as; a profile's namespace goes before that.
  const own = settings.TEMPORAL_NAMESPACE === 'default' ? undefined : settings.TEMPORAL_NAMESPACE;
  return { options, namespace: own ?? namespace ?? 'default' };
}

function embedded({ home, TEMPORAL_NAMESPACE: namespace }: Settings) {
  const addresses = readAddresses(home);
  if (addresses === null) {
    throw new DeliveryProblem(
      'TEMPORAL_AWAY',
      `TEMPORAL_ADDRESS is not set, and no embedded server runs in ${home}. Start one with \`autoheal up\`, or set TEMPORAL_ADDRESS.`,
    );
  }
  return { options: { address: addresses.temporal }, namespace };
}
