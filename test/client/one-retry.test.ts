import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retryLeaseId, takeRetryLease } from '../../client/delivery/retry-lease.ts';
import { openWorld, type World } from '../support/world.ts';
import { autoheal } from './program.ts';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'autoheal-retry-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const started = async (workflowId: string) => {
  const handle = await world.client.workflow.start('GuardHoldWorkflow', {
    workflowId,
    taskQueue: world.taskQueue,
    args: [{ endless: true }],
  });
  return { workflowId, runId: handle.firstExecutionRunId };
};

describe('four programs that waited for one recovery', () => {
  it('run their task again once between them; the others are told who does', async () => {
    const runs = join(folder, 'runs');
    await writeFile(runs, '');
    world.lab.container('momo-scheduler').hang();
    // Each fails at its first run; whichever runs again takes a while, as a real job does.
    const script = (number: number): string =>
      `echo run >> ${runs}; if [ -e ${folder}/failed-${number} ]; then sleep 2; echo imported; else touch ${folder}/failed-${number}; echo "RuntimeError: container momo-scheduler is unhealthy"; exit 3; fi`;
    const env = {
      AUTOHEAL_HOME: world.home,
      AUTOHEAL_ESTATE: world.lab.estateFile,
      AUTOHEAL_TASK_QUEUE: world.taskQueue,
      TEMPORAL_ADDRESS: world.config.TEMPORAL_ADDRESS ?? '',
      TEMPORAL_NAMESPACE: world.namespace,
    };
    const flags = ['--task', 'nightly', '--target', 'momo-scheduler', '--wait', '90'];
    const ran = await Promise.all(
      [1, 2, 3, 4].map((number) => autoheal(['run', ...flags, '--', 'sh', '-c', script(number)], { env })),
    );
    expect(ran.map(({ exitCode }) => exitCode).sort()).toEqual([0, 3, 3, 3]);
    expect((await readFile(runs, 'utf8')).split('\n').filter(Boolean)).toHaveLength(5);
    const told = ran.filter(({ stderr }) => /give_up: nightly is run again by .+, process \d+/.test(stderr));
    expect(told).toHaveLength(3);
  });
});

describe('the right to run a task again', () => {
  const retry = (incident: { workflowId: string; runId: string }, task: string) => ({
    client: world.client,
    taskQueue: world.taskQueue,
    incident,
    task,
    target: undefined,
  });

  it('goes to one of fifty at once, stays gone for its recovery, and is free for the next failure', async () => {
    const incident = await started('incident/one');
    const asked = await Promise.all(
      Array.from({ length: 50 }, () => takeRetryLease(retry(incident, 'fifty'))),
    );
    const [ours, ...others] = asked.filter(({ kind }) => kind === 'ours');
    expect(others).toEqual([]);
    if (ours?.kind === 'ours') await ours.release();
    await world.client.workflow.getHandle(retryLeaseId({ task: 'fifty', target: undefined })).result();
    expect(await takeRetryLease(retry(incident, 'fifty'))).toMatchObject({ kind: 'taken' });
    expect(await takeRetryLease(retry(await started('incident/two'), 'fifty'))).toMatchObject({
      kind: 'ours',
    });
  });

  it('goes to another when its holder was lost', async () => {
    const incident = await started('incident/three');
    const handle = await world.client.workflow.start('RetryLeaseWorkflow', {
      workflowId: retryLeaseId({ task: 'lost', target: undefined }),
      taskQueue: world.taskQueue,
      args: [{ silenceMs: 500, lingerMs: 1000 }],
      memo: { holder: 'host-a, process 7' },
    });
    expect(await takeRetryLease(retry(incident, 'lost'))).toEqual({
      kind: 'taken',
      holder: 'host-a, process 7',
    });
    await expect(handle.result()).rejects.toThrow();
    expect(await takeRetryLease(retry(incident, 'lost'))).toMatchObject({ kind: 'ours' });
  });
});
