import type { TestProject } from 'vitest/node';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { startPostgres } from './postgres.ts';
import { cacheDir } from './cache-dir.ts';
import { startTemporal } from './temporal.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** host:port of the Temporal server that the tests share. */
    temporalAddress: string;
  }
}

/** Brings what `services` tests share: one PostgreSQL, one Temporal server, the workflow bundle. All are real. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, temporal] = await Promise.all([
    startPostgres({ cacheDir }).then(async (server) => {
      await server.start();
      return server;
    }),
    startTemporal(),
    workflowBundle(cacheDir),
  ]);
  project.provide('postgresUrl', postgres.url);
  project.provide('temporalAddress', temporal.address);
  return async () => {
    await Promise.all([postgres.close(), temporal.stop()]);
  };
}
