import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import pg from 'pg';
import type { DeliveryContext } from '../../client/delivery/deliver-report.ts';
import { readGround } from '../../settings/load-rules.ts';
import { layOutPrograms } from '../../lab/programs.ts';
import { Recorder } from '../../lab/recorder.ts';
import { layOutStub, readStubCalls, type StubCall } from '../../lab/stub.ts';
import { childEnvironment, readConfig } from '../../settings/settings.ts';
import { startChild, type Child } from '../../workers/embedded/child.ts';
import { freePort } from '../../workers/embedded/temporal-server.ts';
import { startPostgres } from '../support/postgres.ts';
import { startSshdPair, type SshdPair } from '../support/sshd.ts';
import { cacheDir } from '../support/cache-dir.ts';
import { startTemporal } from '../support/temporal.ts';

/**
 * AutoHeal as it runs in production, on one machine: the worker and the HTTP service are processes of their own, on
 * Temporal (SQLite file), PostgreSQL, and two real sshd. Only `docker` is a stand-in that costs next to nothing.
 */
export interface BenchWorld {
  client: Client;
  context: DeliveryContext;
  sshd: SshdPair;
  worker: Child;
  /** Containers that may be restarted, each once. */
  nextTarget(): { name: string; id: string };
  dockerCalls(): Promise<StubCall[]>;
  startHttp(): Promise<{ url: string; child: Child }>;
  sql<T extends object>(text: string, params?: unknown[]): Promise<T[]>;
  /** Ends what counts restarts and failing targets in the estate, so that the next heal finds the guard as on a quiet day. */
  quietGuard(): Promise<void>;
  result(workflowId: string): Promise<unknown>;
  close(): Promise<void>;
}

const taskQueue = 'autoheal';

/** No wait in the way: what is measured is AutoHeal's own work. Budgets let a benchmark through. */
const playbookEdits = [
  `UPDATE playbooks SET action_params = action_params || '{"stableForSec": 0}' WHERE name = 'oom-killed'`,
  `UPDATE playbooks SET cooldown_min = 0, max_retries = 1 WHERE name = 'rate-limited'`,
];
const limits = {
  restartsPerHostPer10Min: 5000,
  restartsPerEstatePer10Min: 5000,
  stormTargets: 5000,
};

export async function openBenchWorld({ targets }: { targets: number }): Promise<BenchWorld> {
  const home = await mkdtemp(join(tmpdir(), 'ah-bench-'));
  const names = Array.from({ length: targets }, (_, at) => `app-${String(at).padStart(5, '0')}`);
  const stubDir = join(home, 'stub');
  const specs = names.map((name) => ({ name, image: 'momo/app:2026.4' }));
  const [postgres, temporal, containers, { searchPath }] = await Promise.all([
    startPostgres({ cacheDir }),
    startTemporal({ file: join(home, 'temporal.db') }),
    layOutStub(stubDir, specs, new Recorder(home)),
    layOutPrograms(home, { stub: true }),
  ]);
  const sshd = await startSshdPair({
    cacheDir,
    environment: { PATH: searchPath, LAB_STUB: stubDir },
    targets: names,
    estate: { limits },
  });
  const databaseUrl = await postgres.createDatabase();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  for (const edit of playbookEdits) await pool.query(edit);

  const settings = {
    AUTOHEAL_HOME: join(home, 'state'),
    AUTOHEAL_ESTATE: sshd.estateFile,
    AUTOHEAL_TASK_QUEUE: taskQueue,
    AUTOHEAL_HTTP_ADDR: `127.0.0.1:${await freePort()}`,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: 'default',
  };
  const config = readConfig(settings);
  const environment = childEnvironment({ ...settings, TELEGRAM_BOT_TOKEN: '' });
  const children: Child[] = [];
  const start = async (name: string, script: string, ready: RegExp): Promise<Child> => {
    const lines: string[] = [];
    let isReady = (): void => undefined;
    const answered = new Promise<void>((resolve) => (isReady = resolve));
    const onLine = (line: string): void => {
      lines.push(line);
      if (ready.test(line)) isReady();
      if (lines.length > 20) lines.shift();
    };
    const child = startChild({ name, script, environment, onLine });
    children.push(child);
    const ended = child.ended.then(() => {
      throw new Error(`The ${name} ended at its start:\n${lines.join('\n')}`);
    });
    ended.catch(() => undefined);
    await Promise.race([answered, ended]);
    return child;
  };
  const worker = await start('worker', 'workers/worker-main.ts', /Worker polls/);
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection });
  let used = 0;
  return {
    client,
    sshd,
    worker,
    context: { client, taskQueue, ...readGround(config), timeoutMs: 60_000 },
    nextTarget() {
      const container = containers[used++];
      if (container === undefined) throw new Error(`all ${targets} containers of the benchmark are used up`);
      return { name: container.spec.name, id: container.id };
    },
    dockerCalls: () => readStubCalls(stubDir),
    async startHttp() {
      const child = await start('http', 'workers/http-main.ts', /HTTP service at/);
      return { url: `http://${settings.AUTOHEAL_HTTP_ADDR}`, child };
    },
    async sql<T extends object>(text: string, params: unknown[] = []) {
      return (await pool.query<T>(text, params)).rows;
    },
    async quietGuard() {
      const counting = `WorkflowType = 'GuardHoldWorkflow' AND ExecutionStatus = 'Running'`;
      for await (const { workflowId } of client.workflow.list({ query: counting })) {
        if (!/^(budget|storm|flapping|lease)\//.test(workflowId)) continue;
        await end(client.workflow.getHandle(workflowId));
      }
    },
    result: (workflowId) => client.workflow.getHandle(workflowId).result(),
    async close() {
      await Promise.all(children.map((child) => child.stop()));
      await connection.close();
      await pool.end();
      await Promise.all([temporal.stop(), postgres.close(), sshd.close()]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function end(handle: WorkflowHandle): Promise<void> {
  // One that has ended meanwhile is as good.
  await handle.terminate('benchmark').catch(() => undefined);
}
