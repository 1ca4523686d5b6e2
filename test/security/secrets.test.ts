import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliverReport } from '../../client/delivery/deliver-report.ts';
import { keepInSpool, spoolFolder } from '../../client/spool/spool.ts';
import type { Report } from '../../domain/report/report.ts';
import { hang, openHealWorld, type HealWorld } from '../workflows/heal-world.ts';
import { allHistories } from './histories.ts';
import { plantSecrets } from './planted.ts';
import { ask, requestOf } from './requests.ts';

/** architecture.md, invariant 7: secrets are planted wherever people leave them, and looked for wherever anything is kept. */

const taskQueue = 'secrets';
const planted = plantSecrets();
const databasePassword = `Db${randomBytes(12).toString('hex')}`;
const foreign = ['foreign-report', 'foreign-nonsense'];
const processLists: string[] = [];
let world: HealWorld;
let worker: ReturnType<typeof startWorker>;
let secrets: string[];

beforeAll(async () => {
  const apps = ['restarted', 'diagnosed'];
  const here = await openHealWorld(apps, { codeFix: { host: 'ollama-188', command: ['uname', '-r'] } });
  // Everything goes to the worker that is a process of its own.
  const delivery = { ...here.delivery, taskQueue };
  const open: HealWorld['open'] = async (report) => {
    const { workflowId, runId, incidentId } = await deliverReport({ ...delivery, report });
    return Object.assign(here.client.workflow.getHandle(workflowId, runId), { incidentId });
  };
  world = { ...here, taskQueue, delivery, open, heal: async (report) => here.resultOf(await open(report)) };
  secrets = [...planted.all, databasePassword, world.botApi.token, ...world.lab.secrets];
  worker = startWorker();
  await worker.polls;
  const watch = setInterval(() => void listProcesses(), 250);
  await everyKindOfHeal();
  clearInterval(watch);
});
afterAll(async () => {
  await worker.stop();
  await world.close();
});

function startWorker() {
  const { config, namespace, home, lab, databaseUrl, botApi } = world;
  const program = join(import.meta.dirname, '../workflows/worker-program.ts');
  const child = execa('node', ['--import', 'tsx', program], {
    env: {
      TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS,
      TEMPORAL_NAMESPACE: namespace,
      AUTOHEAL_TASK_QUEUE: taskQueue,
      AUTOHEAL_HOME: join(home, 'second'),
      AUTOHEAL_ESTATE: lab.estateFile,
      AUTOHEAL_API_TOKEN: planted.apiToken,
      AUTOHEAL_LOG_LEVEL: 'debug',
      DATABASE_URL: databaseUrl.replace('postgres@', `postgres:${databasePassword}@`),
      TELEGRAM_BOT_TOKEN: botApi.token,
      TELEGRAM_API_ROOT: botApi.root,
    },
    reject: false,
    all: true,
  });
  let log = '';
  const polls = new Promise<void>((resolve) => {
    child.all.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
      if (log.includes('Worker polls')) resolve();
    });
  });
  return {
    polls,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      await child;
    },
  };
}

async function listProcesses(): Promise<void> {
  const listed = await promisify(execFile)('ps', ['-eo', 'args']).catch(() => null);
  if (listed !== null) processLists.push(listed.stdout);
}

async function everyKindOfHeal(): Promise<void> {
  const { report, sentence, url } = planted;
  const told = (what: string, message: string, more: Partial<Report> = {}) => {
    const made = report(what, more);
    return world.heal({ ...made, error: { ...made.error, message: sentence(message) } });
  };
  await hang(world, 'restarted');
  const unhealthy = await told('restart', 'container restarted is unhealthy', { target: 'restarted' });
  const full = await told('diagnosis', 'No space left on device', { target: 'diagnosed' });
  const away = await told('wait', 'could not translate host name "momo-postgres" to address');
  // The database refuses this one's insight for good, so it is set aside on disk.
  await world.rows(`ALTER TABLE ai_insights ADD CONSTRAINT nothing_odd CHECK (symptom NOT LIKE '%is odd%')`);
  const strange = await world.heal({ ...report('alert'), error: { message: `${url} is odd`, type: 'Odd' } });
  expect([unhealthy, full, away].map(({ actionType }) => actionType)).toEqual([
    ...['DOCKER_RESTART', 'SSH_CMD', 'WAIT_RETRY'],
  ]);
  expect(strange.status).toBe('alerted');

  const note = sentence('a model wrote');
  for (const command of ['docker inspect diagnosed', 'docker logs --tail 50 diagnosed']) {
    await world.heal(requestOf({ type: 'SSH_CMD', target: 'diagnosed', command, note }));
  }
  const refused = requestOf({ type: `SHELL ${url}`.slice(0, 64), target: url, command: note, note });
  expect(await world.heal(refused)).toMatchObject({ status: 'refused' });
  const asked = await ask(world, requestOf({ type: 'CODE_FIX', note }));
  await asked.answer(true);

  // As clients in other languages do it, without taking secrets out first.
  const nonsense = { source: 'api', error: { message: '' }, [url]: url } as unknown as Report;
  for (const [at, input] of [report('foreign'), nonsense].entries()) {
    await world.client.workflow
      .execute('HealWorkflow', { workflowId: foreign[at] ?? '', taskQueue, args: [input] })
      .catch(() => undefined);
  }
  expect(await keepInSpool(spoolFolder(world.home), report('spooled'))).toMatchObject({ kept: true });
}

const found = (text: string): string[] => secrets.filter((secret) => text.includes(secret));

it('the database holds none of the planted secrets', async () => {
  const tables = await world.rows<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(tables.length).toBeGreaterThan(5);
  for (const { name } of tables) {
    const rows = await world.rows<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    expect(found(rows.map(({ text }) => text).join('\n')), name).toEqual([]);
  }
  const told = await world.rows(`SELECT FROM incidents WHERE message LIKE '%[redacted]%'`);
  expect(told.length).toBeGreaterThan(3);
});

it('Temporal holds none, but in what a foreign client itself has sent', async () => {
  const histories = await allHistories(world);
  expect(histories.length).toBeGreaterThan(10);
  const leaking = histories.filter(({ raw }) => found(raw).length > 0).map(({ workflowId }) => workflowId);
  // The scan can fail: what was sent as it is, is there as it is.
  expect(leaking.sort()).toEqual([...foreign].sort());
});

it('no message, log or process list holds one', async () => {
  const messages = world.botApi.messages().map(({ source }) => source);
  expect(messages.length).toBeGreaterThan(5);
  expect(found(messages.join('\n'))).toEqual([]);
  expect(worker.log()).toContain('Worker polls');
  expect(found(worker.log())).toEqual([]);
  expect(processLists.join('\n')).toContain('worker-program');
  expect(found(processLists.join('\n'))).toEqual([]);
});

it('no file of the state folders holds one: outbox, snapshots, spool, records set aside', async () => {
  const entries = await readdir(world.home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // The lab's folder is the host's side of the world: its containers' passwords are there, as on a real host.
  const own = files.filter((file) => !file.startsWith(join(world.home, 'lab')));
  expect(own.join('\n')).toMatch(/outbox\.jsonl[^]*snapshots|snapshots[^]*outbox\.jsonl/);
  for (const folder of ['spool', 'refused-records']) expect(own.join('\n')).toContain(folder);
  for (const file of own) expect(found(await readFile(file, 'latin1')), file).toEqual([]);
});
