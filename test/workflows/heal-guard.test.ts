import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { takeLease } from '../../activities/guard/lease.ts';
import { takeHold } from '../../activities/guard/take-hold.ts';
import { type Claim } from '../../domain/guard/guard.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import { hang, kindOf, openHealWorld, unhealthy, until, wideLimits, type HealWorld } from './heal-world.ts';
import { holdIds, workflowTypes } from '../../domain/workflow-ids.ts';

const host = 'ollama-188';
const budget = 3;
const names = [
  ...[1, 2, 3, 4, 5, 6].map((number) => `budget-${number}`),
  ...['flapping', 'spent', 'idle', 'orphan', 'cold'].map((name) => `app-${name}`),
  ...[1, 2, 3, 4].map((number) => `storm-${number}`),
];

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(names, {
    limits: { ...wideLimits, restartsPerHostPer10Min: budget, flappingHeals: 2, stormTargets: 6 },
  });
});
afterAll(() => world.close());

/** What counts is lifted between the tests, as a person lifts it: by ending it. */
beforeEach(async () => {
  const query = `WorkflowType = '${workflowTypes.hold}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of world.client.workflow.list({ query })) {
    await world.client.workflow.getHandle(workflowId).terminate('a new test');
  }
});

it('spends a restart budget exactly, however many targets ask at once, and tells who it stopped', async () => {
  const targets = names.filter((name) => name.startsWith('budget-'));
  await Promise.all(targets.map((name) => hang(world, name)));
  const results = await Promise.all(targets.map((name) => world.heal(unhealthy(name))));
  const ends = results.map(({ status }) => status).sort();
  expect(ends).toEqual(['escalated', 'escalated', 'escalated', 'resolved', 'resolved', 'resolved']);
  const restarts = targets.map((name) => world.restartsOf(name)).reduce((sum, count) => sum + count, 0);
  expect(restarts).toBe(budget);
  for (const { incidentId, verdict } of results.filter(({ status }) => status === 'escalated')) {
    expect(verdict).toMatchObject({
      kind: 'give_up',
      reason: expect.stringContaining('is spent (3 in 10 min)') as string,
    });
    const { logs, messages } = await world.tracesOf(incidentId);
    expect(logs).toMatchObject([{ attempt: 0, action_type: 'DOCKER_RESTART', result: 'skipped' }]);
    expect(messages.map(kindOf)).toEqual(['🚨 Escalated']);
  }
});

it('escalates what has been healed too often', async () => {
  const ends = [];
  for (const _ of [1, 2, 3]) {
    await hang(world, 'app-flapping');
    ends.push(await world.heal(unhealthy('app-flapping')));
  }
  expect(ends.map(({ status }) => status)).toEqual(['resolved', 'resolved', 'escalated']);
  expect(ends[2]?.verdict.reason).toBe('flapping: healed 2 times in 6 h, and failing again');
  expect(world.restartsOf('app-flapping')).toBe(2);
  const [, second] = await Promise.all(ends.map(({ incidentId }) => world.tracesOf(incidentId)));
  expect(second?.incident.relapse_of).toBe(ends[0]?.incidentId);
});

it('lets one of two hundred have a lease', async () => {
  const holders = Array.from({ length: 200 }, (_, number) => `holder-${number}`);
  const hour = 3_600_000;
  const memo = { owner: 'test', reason: 'holds', until: null, holderWorkflowId: null, holderRunId: null };
  const { taskQueue, client } = world;
  const claims = await Promise.all(
    holders.map(async (id): Promise<Claim & { host: string; target: string }> => {
      const runId = await takeHold(client, { id, forMs: hour, taskQueue, memo, summary: 'a holder' });
      return {
        incidentId: id,
        workflowId: id,
        runId: runId ?? '',
        playbook: 'none',
        host,
        target: 'app-contended',
        cooldownMin: 0,
        failure: id,
        sideEffect: true,
        peek: false,
      };
    }),
  );
  const answers = await Promise.all(claims.map((claim) => takeLease(client, claim, taskQueue)));
  const taken = answers.flatMap((answer, at) => (answer.kind === 'taken' ? [claims[at]?.workflowId] : []));
  expect(taken).toHaveLength(1);
  const held = answers.flatMap((answer) => (answer.kind === 'held' ? [answer.by] : []));
  expect(new Set(held)).toEqual(new Set(taken));
});

it('takes a lease over from an incident that a person ended', async () => {
  await world.rows(`UPDATE playbooks SET action_params = action_params || '{"stableForSec": 600}'
    WHERE name = 'oom-killed'`);
  const first = await world.open({
    source: 'alertmanager',
    target: 'app-orphan',
    error: { message: 'container app-orphan was OOM-killed' },
  });
  await until(async () => (await first.query<HealStatus>('status')).status === 'verifying');
  await first.terminate('by hand');
  await hang(world, 'app-orphan');
  const result = await world.heal(unhealthy('app-orphan'));
  expect(result.status).toBe('resolved');
  expect(world.restartsOf('app-orphan')).toBe(2);
});

it('does not cool down after it found the container well, and does after it acted', async () => {
  await world.rows("UPDATE playbooks SET cooldown_min = 10 WHERE name = 'container-unhealthy'");
  const adopted = await world.heal(unhealthy('app-cold'));
  expect(adopted).toMatchObject({ status: 'resolved', attempts: 1 });
  expect(world.restartsOf('app-cold')).toBe(0);
  await hang(world, 'app-cold');
  expect(await world.heal(unhealthy('app-cold'))).toMatchObject({ status: 'resolved' });
  expect(world.restartsOf('app-cold')).toBe(1);
  await hang(world, 'app-cold');
  const third = await world.heal(unhealthy('app-cold'));
  expect(third).toMatchObject({ status: 'suppressed', verdict: { kind: 'retry_at' } });
  expect(world.restartsOf('app-cold')).toBe(1);
  await world.rows("UPDATE playbooks SET cooldown_min = 0 WHERE name = 'container-unhealthy'");
});

it('gives back all that it took when it is done', async () => {
  await world.heal(unhealthy('app-idle'));
  const open = async (id: string): Promise<boolean> => {
    const description = await world.client.workflow
      .getHandle(id)
      .describe()
      .catch(() => null);
    return description?.status.name === 'RUNNING';
  };
  expect(await open(holdIds.lease(host, 'app-idle'))).toBe(false);
  // Nothing was restarted, so nothing counts as restarted.
  expect(await open(holdIds.flapping(host, 'app-idle', 0))).toBe(false);
});

it('stops healing in a storm: a person is told, and the breaker is a pause that can be lifted', async () => {
  // Six different targets may fail inside the window; what restarts each time costs nothing here.
  const six = ['budget-1', 'budget-2', 'budget-3', 'budget-4', 'storm-1', 'storm-2'];
  const calm = await Promise.all(six.map((name) => world.heal(unhealthy(name))));
  expect(new Set(calm.map(({ status }) => status))).toEqual(new Set(['resolved', 'escalated']));
  await hang(world, 'storm-3');
  const storm = await world.heal(unhealthy('storm-3'));
  expect(storm).toMatchObject({ status: 'escalated', attempts: 0, verdict: { kind: 'give_up' } });
  expect(storm.verdict.reason).toMatch(/^a storm: more than 6 different targets failed inside 5 min/);
  const after = await world.heal(unhealthy('storm-4'));
  expect(after).toMatchObject({ status: 'suppressed', verdict: { kind: 'retry_at' } });
  expect(after.verdict.reason).toContain('paused by storm breaker');
  expect(world.restartsOf('storm-3') + world.restartsOf('storm-4')).toBe(0);
  await world.client.workflow.getHandle(holdIds.pause({ kind: 'estate', name: '' })).terminate('lifted');
  expect((await world.heal(unhealthy('budget-1'))).status).not.toBe('suppressed');
});
