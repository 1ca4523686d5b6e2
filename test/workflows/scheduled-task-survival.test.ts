import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { HealStatus } from '../../workflows/messages.ts';
import type { World } from '../support/world.ts';
import { failureOf, lives, openTaskWorld, resultOf, startTask, steadyPids, until } from './task-world.ts';

let world: World & { folder: string };
const workers: { pid: number; end: () => void }[] = [];

beforeAll(async () => {
  const target = 'momo-scheduler';
  world = await openTaskWorld((program) => ({
    takes_its_time: { command: program('steady.js', '12'), retry: 'auto' },
    not_twice: { command: program('steady.js', '600'), retry: 'never' },
    needs_its_database: { command: program('flaky.js', '99'), target },
  }));
});
afterEach(() => {
  workers.splice(0).forEach(({ end }) => end());
});
afterAll(() => world.close());

/** A worker in a process of its own, on a task queue of its own. */
async function startWorkerProcess(taskQueue: string): Promise<number> {
  const child = execa('node', ['--import', 'tsx', join(import.meta.dirname, 'worker-program.ts')], {
    env: {
      TEMPORAL_ADDRESS: world.config.TEMPORAL_ADDRESS,
      TEMPORAL_NAMESPACE: world.namespace,
      AUTOHEAL_TASK_QUEUE: taskQueue,
      AUTOHEAL_HOME: world.home,
      AUTOHEAL_ESTATE: world.lab.estateFile,
      DATABASE_URL: world.databaseUrl,
      TELEGRAM_BOT_TOKEN: world.botApi.token,
      TELEGRAM_API_ROOT: world.botApi.root,
    },
    reject: false,
    stdout: 'ignore',
    stderr: 'ignore',
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('node could not be started');
  workers.push({ pid, end: () => child.kill('SIGKILL') });
  return pid;
}

const startOn = (taskQueue: string, task: string) => startTask({ ...world, taskQueue }, task);

it('goes on when its worker is killed in the middle of a task, and ends what that worker left running', async () => {
  const queue = `${world.taskQueue}-killed`;
  const first = await startWorkerProcess(queue);
  const handle = await startOn(queue, 'takes_its_time');
  const leftover = await until(async () => (await steadyPids(world.folder))[0] ?? null);
  process.kill(first, 'SIGKILL');
  await until(async () => !lives(first));
  expect(leftover.filter(lives)).toEqual(leftover);

  await startWorkerProcess(queue);
  await until(async () => (await steadyPids(world.folder)).length === 2);
  expect(leftover.filter(lives)).toEqual([]);
  const result = await resultOf(handle);
  expect(result).toMatchObject({ task: 'takes_its_time', runs: 2, incidents: [] });
  expect(result.outputTail).toContain('1 earlier run(s), left by a lost worker, were ended first');
  expect(result.outputTail).toContain('steady to the end');
});

it('tells a person instead of repeating a task that is not safe to run twice when its worker is lost', async () => {
  const queue = `${world.taskQueue}-lost`;
  const before = (await steadyPids(world.folder)).length;
  const first = await startWorkerProcess(queue);
  const handle = await startOn(queue, 'not_twice');
  const leftover = await until(async () => (await steadyPids(world.folder))[before] ?? null);
  process.kill(first, 'SIGKILL');
  await startWorkerProcess(queue);
  const failure = await failureOf(handle);
  expect(failure.message).toContain('was lost: its worker no longer answers');
  expect(failure.details).toMatchObject({ runs: 1 });
  expect(await steadyPids(world.folder)).toHaveLength(before + 1);
  await until(async () => world.botApi.messages().some(({ text }) => text.includes('not_twice')));
  leftover.forEach((pid) => process.kill(pid, 'SIGKILL'));
});

it('joins the incident that waits, and gives up when a person ends that incident', async () => {
  world.lab.names.delete('momo-postgres');
  const first = await startTask(world, 'needs_its_database');
  const second = await startTask(world, 'needs_its_database');
  const workflowId = await until(async () => {
    const runs = world.client.workflow.list({
      query: "WorkflowType = 'HealWorkflow' AND ExecutionStatus = 'Running' AND AutoHealStatus = 'waiting'",
    });
    for await (const run of runs) return run.workflowId;
    return null;
  });
  const incident = world.client.workflow.getHandle(workflowId);
  const status = await until(async () => {
    const seen = await incident.query<HealStatus>('status');
    return seen.occurrences >= 2 ? seen : null;
  });
  expect(status).toMatchObject({ status: 'waiting', errorType: 'DNS_FAIL' });
  await incident.terminate('not today');

  const failures = await Promise.race([failureOf(first), failureOf(second)]);
  expect(failures.message).toContain('The run of its incident was ended by hand');
  expect(failures.details?.incidentId).toBe(status.incidentId);
  await Promise.all([first, second].map((handle) => handle.terminate().catch(() => undefined)));
});
