import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerOf } from '../../domain/container/docker-inspect.ts';
import { judge } from '../../domain/container/judge.ts';
import { LabContainer } from '../../lab/container.ts';
import type { ContainerSpec } from '../../lab/container-spec.ts';
import { inspectEntry } from '../../lab/docker-inspect.ts';
import { Recorder } from '../../lab/recorder.ts';
import { startTestEngine, type TestEngine } from './engine.ts';

/** One table of states, brought about in the lab and on a real engine: what is read of them has to agree. */

let engine: TestEngine;
let dir: string;
let recorder: Recorder;
beforeAll(async () => {
  engine = await startTestEngine();
  dir = await mkdtemp(join(tmpdir(), 'ah-lab-'));
  recorder = new Recorder(dir);
});
afterAll(async () => {
  await engine.close();
  await rm(dir, { recursive: true, force: true });
});

interface Row {
  name: string;
  spec: Partial<ContainerSpec>;
  inLab?: (container: LabContainer) => unknown;
  options: string[];
  command: string[];
  onEngine?: (name: string) => Promise<unknown>;
  afterMs: number;
}

const up = ['sleep', '9999'];
const bare = { healthcheck: false } as const;
const check = (command: string, period = '0s'): string[] => [
  ...['--health-cmd', command, '--health-interval', '1s', '--health-timeout', '1s', '--health-retries', '2'],
  ...['--health-start-period', period],
];
const dies = (exitCode: number) => ({ kind: 'dies-after-start', afterMs: 100, exitCode }) as const;

const rows: Row[] = [
  { name: 'running', spec: bare, options: [], command: up, afterMs: 500 },
  { name: 'healthy', spec: {}, options: check('true'), command: up, afterMs: 2500 },
  { name: 'starting', spec: { fate: { kind: 'never-healthy' } }, options: check('false', '60s'), command: up, afterMs: 1500 },
  { name: 'unhealthy', spec: { fate: { kind: 'never-healthy' } }, options: check('false'), command: up, afterMs: 5000 },
  { name: 'restarting', spec: { ...bare, restartPolicy: 'always', fate: dies(3) }, options: ['--restart', 'always'], command: ['sh', '-c', 'exit 3'], afterMs: 6000 },
  { name: 'failed', spec: { ...bare, fate: dies(3) }, options: [], command: ['sh', '-c', 'exit 3'], afterMs: 1500 },
  { name: 'finished', spec: { ...bare, fate: dies(0) }, options: [], command: ['true'], afterMs: 1500 },
  { name: 'retries-spent', spec: { ...bare, restartPolicy: 'on-failure:2', fate: dies(3) }, options: ['--restart', 'on-failure:2'], command: ['sh', '-c', 'exit 3'], afterMs: 4000 },
  { name: 'stopped', spec: { ...bare, restartPolicy: 'always', fate: { kind: 'ignores-sigterm' } }, inLab: (container) => container.stop(0), options: ['--restart', 'always'], command: up, onEngine: (name) => engine.docker('stop', '-t', '0', name), afterMs: 500 },
  { name: 'paused', spec: bare, inLab: (container) => container.pause(), options: [], command: up, onEngine: (name) => engine.docker('pause', name), afterMs: 500 },
]; // prettier-ignore

it.each(rows)('$name', async ({ name, spec, inLab, options, command, onEngine, afterMs }) => {
  const lab = new LabContainer({ name, image: 'autoheal/test:1', ...spec }, recorder);
  try {
    await Promise.all([lab.start(), engine.run(name, options, ...command)]);
    await sleep(afterMs);
    await Promise.all([inLab?.(lab), onEngine?.(name)]);
    const read = (entry: unknown) => {
      const container = containerOf(entry);
      const { status, running, paused, restarting, dead, health, exitCode, oomKilled, error, restartPolicy } =
        container;
      return {
        ...{ status, running, paused, restarting, dead, health, exitCode, oomKilled, error, restartPolicy },
        isChecked: container.healthCheck !== null,
        cameBack: container.restartCount > 0,
        everStarted: Date.parse(container.startedAt) > 0,
        everEnded: Date.parse(container.finishedAt) > 0,
        is: judge(container).is,
      };
    };
    // Between two starts of a loop there is a moment in which it runs.
    for (let tries = 0; name === 'restarting' && tries < 200; tries++) {
      if (read(inspectEntry(lab)).status === name && read(await engine.inspect(name)).status === name) break;
      await sleep(50);
    }
    expect(read(inspectEntry(lab))).toEqual(read(await engine.inspect(name)));
  } finally {
    await lab.stop(0);
  }
});
