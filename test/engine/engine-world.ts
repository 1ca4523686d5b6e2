import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { deliverReport } from '../../client/delivery/deliver-report.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import type { Report } from '../../domain/report/report.ts';
import { readConfig } from '../../settings/settings.ts';
import { readPlaybooks, shippedPlaybooks } from '../../settings/read-playbooks.ts';
import { createAutoHealWorker } from '../../workers/create-worker.ts';
import { openActivities } from '../../workers/open-activities.ts';
import { unhurried } from '../support/world.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { startBotApi } from '../support/bot-api.ts';
import { testDatabase } from '../support/shared-postgres.ts';
import { cacheDir } from '../support/cache-dir.ts';
import { connectTo, makeNamespace } from '../support/temporal.ts';
import { startSshdPair } from '../support/sshd.ts';
import { startTestEngine, type TestEngine } from './engine.ts';

/** The full way: report, bastion, host, gate, a real docker, records and messages. */
export interface EngineWorld {
  engine: TestEngine;
  heal(report: Report): Promise<HealResult>;
  /** What people were told of an incident. */
  told(incidentId: string): string[];
  logs(incidentId: string): Promise<{ result: string; command: string | null }[]>;
  close(): Promise<void>;
}

/** The seeds' playbooks, with shorter waits: nothing else of them is changed. */
const short = `UPDATE playbooks SET cooldown_min = 0, action_params = action_params ||
  '{"backoffSec": 1, "maxBackoffSec": 2, "stableForSec": 2, "stopTimeoutSec": 1, "verifyTimeoutSec": 30, "recheckMin": 0}'`;

export async function openEngineWorld(targets: readonly string[]): Promise<EngineWorld> {
  const engine = await startTestEngine();
  const home = await mkdtemp(join(tmpdir(), 'ah-'));
  const gate = resolve('deploy/host-gate/autoheal-gate');
  const [sshd, botApi, databaseUrl] = await Promise.all([
    startSshdPair({
      cacheDir,
      targets,
      forcedCommand: `/bin/sh ${gate}`,
      environment: { ...engine.environment, PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      estate: {
        notify: unhurried,
        limits: {
          ...{ restartsPerHostPer10Min: 500, restartsPerEstatePer10Min: 500 },
          ...{ stormTargets: 500, flappingHeals: 500 },
        },
      },
    }),
    startBotApi(),
    testDatabase(),
  ]);
  const taskQueue = `engine-${randomUUID().slice(0, 8)}`;
  const namespace = `engine-${randomUUID().slice(0, 8)}`;
  const address = inject('temporalAddress');
  const config = readConfig({
    AUTOHEAL_HOME: home,
    AUTOHEAL_ESTATE: sshd.estateFile,
    AUTOHEAL_TASK_QUEUE: taskQueue,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TELEGRAM_BOT_TOKEN: botApi.token,
    TELEGRAM_API_ROOT: botApi.root,
  });
  await makeNamespace(address, namespace);
  const connected = await connectTo(address, namespace, config);
  const opened = await openActivities({ ...config, databaseUrl, temporalUiUrl: null });
  const worker = await createAutoHealWorker({
    connection: connected.native,
    namespace,
    taskQueue,
    activities: opened.activities,
    workflowBundle: await workflowBundle(cacheDir),
  });
  const running = worker.run();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  await pool.query(short);
  const { client } = connected;
  const { rules } = readPlaybooks([shippedPlaybooks]);
  return {
    engine,
    async heal(report) {
      const delivered = await deliverReport({ client, taskQueue, estate: sshd.estate, rules, report });
      const handle = client.workflow.getHandle(delivered.workflowId, delivered.runId);
      return (await handle.result()) as HealResult;
    },
    told: (incidentId) =>
      botApi
        .messages()
        .map(({ text }) => text)
        .filter((text) => text.includes(incidentId)),
    async logs(incidentId) {
      const sql = 'SELECT result, command FROM heal_logs WHERE incident_id = $1 ORDER BY id';
      return (await pool.query<{ result: string; command: string | null }>(sql, [incidentId])).rows;
    },
    async close() {
      worker.shutdown();
      await running;
      await opened.close();
      await pool.end();
      await connected.close();
      await Promise.all([sshd.close(), botApi.close()]);
      await engine.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
