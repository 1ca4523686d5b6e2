import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import Long from 'long';
import { dataConverterOf } from '../../client/payload-codec.ts';
import { registerSearchAttributes } from '../../workers/register-search-attributes.ts';
import { cacheDir } from './cache-dir.ts';
import { findTemporal } from '../../workers/embedded/temporal-binary.ts';
import { startTemporalServer, type EmbeddedTemporal } from '../../workers/embedded/temporal-server.ts';

// What a worker does is asserted, not read: only its errors are shown.
Runtime.install({ logger: new DefaultLogger('ERROR') });

/** A real Temporal development server of the test's own. @param file its database, to survive a kill; null: in memory */
export async function startTemporal({
  file = null,
  port,
}: { file?: string | null; port?: number } = {}): Promise<EmbeddedTemporal> {
  const { path } = await findTemporal({ path: process.env['PATH'] ?? '', cacheDir, log: () => undefined });
  return startTemporalServer({
    binary: path,
    file,
    uiPort: null,
    log: () => undefined,
    ...(port === undefined ? {} : { port }),
  });
}

export interface TestClient {
  client: Client;
  native: NativeConnection;
  close(): Promise<void>;
}

/** A namespace of the test's own, so that workflow ids of one test file never meet another's. */
export async function makeNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: Long.fromNumber(24 * 3600) },
  });
  for (;;) {
    try {
      await connection.workflowService.describeNamespace({ namespace });
      await registerSearchAttributes(connection, namespace);
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  await connection.close();
}

export async function connectTo(
  address: string,
  namespace = 'default',
  settings: { AUTOHEAL_CODEC_KEY?: string | undefined } = {},
): Promise<TestClient> {
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  return {
    client: new Client({ connection, namespace, ...dataConverterOf(settings) }),
    native,
    async close() {
      await connection.close();
      await native.close();
    },
  };
}
