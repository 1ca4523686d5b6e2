import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ContainerSpec } from '../../lab/container-spec.ts';
import { kindOf, openHealWorld, unhealthy, until, type HealWorld } from './heal-world.ts';

const image = 'momo/app:2026.4';
const loop = (name: string, afterMs: number, restartPolicy: ContainerSpec['restartPolicy'] = 'always') => ({
  name,
  image,
  healthcheck: false,
  restartPolicy,
  fate: { kind: 'dies-after-start', afterMs, exitCode: 3 } as const,
});
const specs: ContainerSpec[] = [
  loop('loop-fast', 50),
  loop('loop-slow', 4000),
  loop('loop-bare', 5000, 'no'),
  { name: 'app-paused', image, healthcheck: false },
  { name: 'app-stopped', image, healthcheck: false, restartPolicy: 'unless-stopped' },
  { name: 'job-done', image, healthcheck: false, started: false },
  { name: 'svc-done', image, healthcheck: false, started: false },
  { name: 'app-mended', image, healthcheck: false, restartPolicy: 'always' },
  { name: 'app-slow', image, fate: { kind: 'never-healthy' } },
];

let world: HealWorld;
beforeAll(async () => {
  const targets = Object.fromEntries(
    specs.map(({ name }) => [
      name,
      { host: 'ollama-188', ...(name === 'svc-done' ? { service: true } : {}) },
    ]),
  );
  world = await openHealWorld(specs, { targets });
});
afterAll(() => world.close());

const exited = (target: string) => ({
  source: 'alertmanager' as const,
  target,
  error: { message: `container ${target} exited with code 3` },
});
const messagesOf = async (incidentId: string) => (await world.tracesOf(incidentId)).messages.map(kindOf);

it.each(['loop-fast', 'loop-slow', 'loop-bare'])('never calls a crash loop healed: %s', async (name) => {
  const container = world.lab.container(name);
  await until(async () => container.view().restartCount > 1 || container.view().status === 'exited');
  for (const report of [exited(name), unhealthy(name)]) {
    const result = await world.heal(report);
    expect(result).toMatchObject({ status: 'escalated', verdict: { kind: 'give_up' } });
    expect(await messagesOf(result.incidentId)).toEqual(['🚨 Escalated']);
  }
});

it.each([
  ['app-paused', 'paused', (name: string) => world.lab.container(name).pause()],
  ['app-stopped', 'stopped by a person', (name: string) => world.lab.container(name).stop(0)],
] as const)('leaves %s alone, which is %s, and tells it once', async (name, _, hold) => {
  await until(async () => world.lab.container(name).view().status === 'running');
  await hold(name);
  const { status } = world.lab.container(name).view();
  const results = [await world.heal(exited(name)), await world.heal(unhealthy(name))];
  for (const result of results) {
    expect(result).toMatchObject({ status: 'alerted', verdict: { kind: 'give_up' } });
    const { logs } = await world.tracesOf(result.incidentId);
    expect(logs).toMatchObject([{ result: 'skipped', command: null }]);
  }
  const told = await Promise.all(results.map(({ incidentId }) => messagesOf(incidentId)));
  expect(told).toEqual([['🔔 Needs a person'], []]);
  expect(world.lab.container(name).view().status).toBe(status);
  expect(world.restartsOf(name)).toBe(0);
});

it('starts no finished job again, but a service of the estate', async () => {
  for (const name of ['job-done', 'svc-done']) {
    await world.lab.container(name).start();
    // A program that is told to stop before it listens to signals ends by the signal, not with 0.
    await sleep(1000);
    await world.lab.container(name).stop(5);
    expect(world.lab.container(name).view()).toMatchObject({ status: 'exited', exitCode: 0 });
  }
  const job = await world.heal({
    ...exited('job-done'),
    error: { message: 'container job-done exited with code 0' },
  });
  expect(job.status).toBe('alerted');
  expect(job.verdict.reason).toContain('it has done its work');
  expect(world.restartsOf('job-done')).toBe(0);
  expect(await world.heal(exited('svc-done'))).toMatchObject({ status: 'resolved', attempts: 1 });
  expect(world.restartsOf('svc-done')).toBe(1);
});

it('adopts what its restart policy has really brought back, without touching it', async () => {
  world.lab.container('app-mended').kill();
  await until(async () => world.lab.container('app-mended').view().restartCount === 1);
  const begunMs = Date.now();
  expect(await world.heal(exited('app-mended'))).toMatchObject({ status: 'resolved', attempts: 1 });
  // Longer than docker's own measure of a good start.
  expect(Date.now() - begunMs).toBeGreaterThan(10_000);
  expect(world.restartsOf('app-mended')).toBe(0);
});

it('waits for a start that is under way, and takes "unhealthy" after a restart for an answer', async () => {
  await world.lab.container('app-slow').restart(0);
  expect(world.lab.container('app-slow').view().health).toBe('starting');
  const result = await world.heal(unhealthy('app-slow'));
  expect(result).toMatchObject({ status: 'escalated', attempts: 2 });
  const { logs } = await world.tracesOf(result.incidentId);
  expect(logs[0]?.steps.map(({ step }) => step)).toEqual(['look', 'verify', 'act', 'verify']);
  for (const { error } of logs) expect(error).toContain('its health check fails');
  expect(world.restartsOf('app-slow')).toBe(2);
});
