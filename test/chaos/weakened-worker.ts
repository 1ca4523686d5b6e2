import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { NativeConnection, Runtime, DefaultLogger } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { readConfig } from '../../settings/settings.ts';
import { createAutoHealWorker } from '../../workers/create-worker.ts';
import { openActivities } from '../../workers/open-activities.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';

/**
 * A worker with one of its safeguards taken out (`WEAKENED`), to prove that the auditor notices. The product has no
 * such switch.
 */
export const weaknesses = ['idempotency-key', 'fence', 'durable-write'] as const;
export type Weakness = (typeof weaknesses)[number];

function weaken(activities: Activities, weakness: Weakness): Activities {
  const { writeHealLog, writeInsight, executeSsh, lookAtContainer } = activities;
  switch (weakness) {
    case 'idempotency-key':
      return {
        ...activities,
        writeHealLog: ({ record }) => {
          const idempotencyKey = `${record.idempotencyKey}/${Context.current().info.attempt}`;
          return writeHealLog({ record: { ...record, idempotencyKey } });
        },
      };
    case 'fence':
      return {
        ...activities,
        // What is not known to have happened is done again, as a retry policy would.
        executeSsh: async (action) => {
          const first = await executeSsh(action);
          if (first.kind !== 'unknown' || action.kind !== 'restart') return first;
          const seen = await lookAtContainer({ host: action.host, container: action.containerId });
          if (seen.kind !== 'found') return first;
          return executeSsh({ ...action, intentStartedAt: seen.container.startedAt });
        },
      };
    case 'durable-write':
      return {
        ...activities,
        // As the original did: an error of the database is logged, and forgotten.
        writeHealLog: (input) => writeHealLog(input).catch(() => ({ written: true as const })),
        writeInsight: (input) => writeInsight(input).catch(() => ({ written: true as const })),
      };
  }
}

const weakness = weaknesses.find((each) => each === process.env['WEAKENED']);
if (weakness !== undefined) {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const config = readConfig();
  const databaseUrl = config.DATABASE_URL ?? '';
  const { activities } = await openActivities({ ...config, databaseUrl, temporalUiUrl: null });
  const worker = await createAutoHealWorker({
    connection: await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS ?? '' }),
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: config.AUTOHEAL_TASK_QUEUE,
    activities: weaken(activities, weakness),
    workflowBundle: await workflowBundle(join(config.home, 'cache')),
  });
  process.stderr.write(`Worker polls without its ${weakness}\n`);
  await worker.run();
}
