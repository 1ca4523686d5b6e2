import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ContainerSpec } from '../../lab/container-spec.ts';
import type { HealStatus } from '../../domain/incident/views.ts';
import { kindOf, openHealWorld, until, type HealWorld } from './heal-world.ts';

const image = 'momo/app:2026.4';
const specs: ContainerSpec[] = ['app-again', 'app-later', 'app-lull', 'app-same'].map((name) => ({
  name,
  image,
  healthcheck: false,
}));

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(specs);
});
afterAll(() => world.close());

const exited = (target: string, more = '') => ({
  source: 'alertmanager' as const,
  target,
  error: { message: `container ${target} exited with code 1${more}` },
});
const tune = (cooldownMin: number, recheckMin: number) =>
  world.rows(
    `UPDATE playbooks SET cooldown_min = $1, action_params = action_params || $2::jsonb WHERE name = 'container-exited'`,
    [cooldownMin, JSON.stringify({ recheckMin })],
  );
const incidentsOf = (target: string) =>
  world.rows<{ id: string; status: string; relapse_of: string | null }>(
    'SELECT id, status, relapse_of FROM incidents WHERE target = $1 ORDER BY first_seen_at',
    [target],
  );
const messagesOf = async (incidentId: string) => (await world.tracesOf(incidentId)).messages;

it('tells a relapse inside the cooldown at once, once, and leaves it to a person at the cooldown’s end', async () => {
  await tune(0.3, 0);
  world.lab.container('app-again').kill();
  const healed = await world.heal(exited('app-again'));
  expect(healed.status).toBe('resolved');
  // A repeated report alone is no relapse.
  const repeat = await world.heal(exited('app-again'));
  expect(repeat).toMatchObject({ status: 'suppressed', verdict: { kind: 'retry_at' } });
  expect(await messagesOf(repeat.incidentId)).toEqual([]);

  world.lab.container('app-again').kill();
  await until(async () => !world.lab.container('app-again').view().running);
  const relapse = await world.heal(exited('app-again'));
  expect(relapse).toMatchObject({ status: 'suppressed', verdict: { kind: 'retry_at' } });
  expect(relapse.verdict.reason).toContain('container-exited had healed it, and it is down again');
  expect((await messagesOf(relapse.incidentId)).map(kindOf)).toEqual(['🔁 Relapse']);
  const third = await world.heal(exited('app-again'));
  expect(await messagesOf(third.incidentId)).toEqual([]);

  const last = await until(async () => {
    const found = (await incidentsOf('app-again')).at(-1);
    return found?.status === 'escalated' ? found : null;
  });
  const told = await until(async () => (await messagesOf(last.id))[0] ?? null);
  expect(told.text).toMatch(/^🚨 app-again · Escalated/);
  expect(told.text).toContain('a relapse of incident');
  expect(world.restartsOf('app-again')).toBe(1);
});

it('looks once more after a heal, and tells what is down again, linked to the heal', async () => {
  await tune(0, 0.1);
  world.lab.container('app-later').kill();
  const healed = await world.heal(exited('app-later'));
  expect(healed.status).toBe('resolved');
  world.lab.container('app-later').kill();
  const found = await until(async () => (await incidentsOf('app-later'))[1] ?? null);
  const relapse = await until(async () => {
    const now = (await incidentsOf('app-later'))[1];
    return now?.status === 'escalated' ? now : null;
  });
  expect(relapse).toMatchObject({ id: found.id, relapse_of: healed.incidentId });
  const told = await until(async () => (await messagesOf(relapse.id))[0] ?? null);
  expect(await messagesOf(relapse.id)).toHaveLength(1);
  expect(told.text).toContain(`a relapse of incident ${healed.incidentId}`);
});

it('looks at what came in during a pause when the pause is over', async () => {
  await tune(0, 0);
  world.lab.container('app-lull').kill();
  const { workflow } = world.client;
  const until_ = new Date(Date.now() + 6000).toISOString();
  await workflow.start('GuardHoldWorkflow', {
    workflowId: 'pause/target/app-lull',
    taskQueue: world.taskQueue,
    args: [{ endless: false }],
    startDelay: 6000,
    memo: { owner: 'alice', reason: 'maintenance', until: until_ },
  });
  const held = await world.heal(exited('app-lull'));
  expect(held.status).toBe('suppressed');
  expect(world.restartsOf('app-lull')).toBe(0);
  await until(async () => (await incidentsOf('app-lull')).at(-1)?.status === 'resolved');
  expect(world.restartsOf('app-lull')).toBe(1);
}, 90_000);

it('gives a second report of other words the verdict of the heal that is under way', async () => {
  await tune(5, 0);
  world.lab.container('app-same').kill();
  world.lab.delayNext({ matching: /'restart'/, ms: 2000, when: 'before' });
  const first = await world.open(exited('app-same'));
  await until(async () => (await first.query<HealStatus>('status')).status === 'acting');
  const second = await world.heal(exited('app-same', ', says somebody else: it stopped'));
  expect(second).toMatchObject({ status: 'resolved', verdict: { kind: 'retry_now' } });
  expect((await world.resultOf(first)).status).toBe('resolved');
  expect(world.restartsOf('app-same')).toBe(1);
});
