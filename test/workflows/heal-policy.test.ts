import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause, resume } from '../../client/operator/pauses.ts';
import type { PauseScope } from '../../domain/guard/guard.ts';
import type { Report } from '../../domain/report/report.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import { hang, kindOf, openHealWorld, unhealthy, until, type HealWorld } from './heal-world.ts';

const image = 'momo/app:2026.4';

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(
    [
      'app-paused',
      'app-one',
      'app-two',
      { name: 'momo-db', image: 'postgres:16' },
      { name: 'store', image: 'registry.example.net/team/postgres:16' },
      { name: 'by-alias', image, aliases: ['momo-db'] },
      { name: 'by-service', image, service: 'momo-postgres' },
      { name: 'by-label', image, labels: { 'autoheal.protected': 'true' } },
      { name: 'by-asking', image: 'mariadb:11' },
    ],
    {
      // The estate file knows of no alias: only the host does.
      targets: Object.fromEntries(
        ['app-paused', 'momo-db', 'store', 'by-alias', 'by-service', 'by-label', 'by-asking', 'ghost']
          .map((name): [string, object] => [name, { host: 'ollama-188' }])
          .concat(['app-one', 'app-two'].map((name) => [name, { host: 'ollama-188', aliases: ['app'] }])),
      ),
    },
  );
  await world.rows("UPDATE playbooks SET requires_approval = true WHERE name = 'oom-killed'");
  // Long enough for a person to cure the container meanwhile, however busy this machine is.
  await world.rows(`UPDATE playbooks SET max_retries = 10, action_params = action_params ||
    '{"backoffSec": 1.5, "maxBackoffSec": 1.5}' WHERE name = 'container-unhealthy'`);
});
afterAll(() => world.close());

const commands = (): string[] => world.lab.runs.commandLines();

describe('a pause', () => {
  const paused = async (scope: PauseScope, untilMs: number | null, then: () => Promise<void>) => {
    const end = untilMs === null ? null : new Date(Date.now() + untilMs);
    const { client, taskQueue } = world;
    await pause(client, taskQueue, { scope, owner: 'alice', reason: 'maintenance', until: end });
    try {
      await then();
    } finally {
      await resume(client, scope, { by: 'alice', reason: 'done' });
    }
  };

  it('keeps AutoHeal from acting, records every incident, and is told once', async () => {
    const begun = commands().length;
    await paused({ kind: 'target', name: 'app-paused' }, 3_600_000, async () => {
      const results = [
        await world.heal(unhealthy('app-paused')),
        await world.heal(unhealthy('app-paused')),
        await world.heal({
          source: 'sentry',
          target: 'app-paused',
          error: { message: 'container app-paused exited' },
        }),
      ];
      const traces = await Promise.all(results.map(({ incidentId }) => world.tracesOf(incidentId)));
      for (const [at, result] of results.entries()) {
        expect(result).toMatchObject({ status: 'suppressed', attempts: 0, verdict: { kind: 'retry_at' } });
        expect(Date.parse(result.verdict.at ?? '')).toBeGreaterThan(Date.now() + 3_500_000);
        expect(traces[at]?.incident.status).toBe('suppressed');
        expect(traces[at]?.logs).toMatchObject([{ attempt: 0, result: 'skipped' }]);
        expect(traces[at]?.insights).toEqual([]);
      }
      expect(traces.flatMap(({ messages }) => messages.map(kindOf))).toEqual(['⏸ Paused, not healed']);
      expect(results[0]?.verdict.reason).toMatch(/^paused by alice until .*: maintenance$/);
    });
    expect(commands()).toHaveLength(begun);
  });

  it('without an end has the caller give up, and the kill switch is one over the estate', async () => {
    await paused({ kind: 'estate', name: '' }, null, async () => {
      const result = await world.heal({ source: 'cli', error: { message: 'nobody knows this' } });
      expect(result).toMatchObject({
        status: 'suppressed',
        verdict: { kind: 'give_up', reason: 'paused by alice until it is lifted: maintenance' },
      });
    });
    const after = await world.heal({ source: 'cli', error: { message: 'nobody knows this' } });
    expect(after.status).toBe('alerted');
  });
});

describe('a request that policy does not allow is refused, recorded and told, and nothing runs:', () => {
  const restart = (target?: string) => ({
    type: 'DOCKER_RESTART',
    ...(target === undefined ? {} : { target }),
  });
  it.each<[string, NonNullable<Report['action']>, string]>([
    ['an unknown target', restart('nobody'), '"nobody" is no target of the estate file'],
    ['an empty target', restart(''), 'no target is named'],
    ['no target', restart(), 'no target is named'],
    ['an ambiguous alias', restart('app'), '"app" means 2 targets'],
    ['a protected container', restart('momo-db'), 'stands for momo-db'],
    ['a look-alike of a protected one', restart('mоmo-db'), 'stands for momo-db'],
    ['an unknown action', { type: 'DROP_EVERYTHING' }, '"DROP_EVERYTHING" is no action'],
    ['a command off the list', { type: 'SSH_CMD', command: 'rm -rf /' }, 'rm'],
    [
      'a restart by command line',
      { ...restart('app-one'), command: 'docker restart app-one' },
      'command line',
    ],
    ['a code fix that is not configured', { type: 'CODE_FIX', note: 'rm -rf /' }, 'no code fix'],
  ])('%s', async (what, action, reason) => {
    const begun = commands().length;
    const result = await world.heal({
      source: 'elephant_alpha',
      error: { message: `asked: ${what}` },
      action,
    });
    expect(result).toMatchObject({ status: 'refused', attempts: 0, verdict: { kind: 'give_up' } });
    expect(result.verdict.reason).toContain(reason);
    const { incident, logs, insights, messages } = await world.tracesOf(result.incidentId);
    expect(incident.status).toBe('refused');
    expect(logs).toMatchObject([{ attempt: 0, result: 'refused', command: null }]);
    expect(logs[0]?.error).toContain(reason);
    expect(insights).toHaveLength(1);
    expect(messages.map(kindOf)).toEqual(['⛔ Action refused']);
    expect(commands()).toHaveLength(begun);
  });
});

it('refuses a failure whose target it does not know, rather than guess', async () => {
  const begun = commands().length;
  const result = await world.heal(unhealthy('not-in-the-estate'));
  expect(result).toMatchObject({ status: 'refused', playbook: 'container-unhealthy' });
  expect(commands()).toHaveLength(begun);
});

it('refuses a target that the estate file knows and the host does not', async () => {
  const result = await world.heal(unhealthy('ghost'));
  expect(result).toMatchObject({ status: 'refused', verdict: { kind: 'give_up' } });
  const { logs, messages } = await world.tracesOf(result.incidentId);
  expect(logs.map(({ result: end, error }) => [end, error])).toEqual([
    ['refused', 'there is no container ghost on ollama-188, and none of a compose service of that name'],
  ]);
  expect(messages.map(kindOf)).toEqual(['⛔ Action refused']);
  expect(commands().filter((line) => line.includes('ghost') && !/'(inspect|ps)'/.test(line))).toEqual([]);
});

describe('a playbook that would touch what is protected', () => {
  const waiting = async (report: Report) => {
    const handle = await world.open(report);
    const status = await until(async () => {
      const seen = await handle.query<HealStatus>('status');
      return seen.status === 'waiting' ? seen : null;
    });
    return { handle, status };
  };

  it('becomes a wait for the name, as ADR-013 wants it of a DNS failure', async () => {
    await world.rows(`INSERT INTO playbooks (name, error_type, action_type, action_params, priority, max_retries)
      VALUES ('restart-the-database', 'DNS_FAIL', 'DOCKER_RESTART',
        '{"target": "momo-db", "backoffSec": 2, "maxBackoffSec": 2}', 1, 3)`);
    world.lab.names.delete('momo-postgres');
    const { handle, status } = await waiting({
      source: 'task',
      task: 'run_auto_import_task',
      target: 'app-one',
      error: {
        type: 'psycopg2.OperationalError',
        message: 'could not translate host name "momo-postgres" to address: Name or service not known',
      },
    });
    expect(status).toMatchObject({ actionType: 'WAIT_RETRY', waitingFor: 'the name to resolve' });
    world.lab.names.set('momo-postgres', '10.0.0.42');
    const result = await world.resultOf(handle);
    expect(result).toMatchObject({
      status: 'resolved',
      playbook: 'restart-the-database',
      actionType: 'WAIT_RETRY',
      verdict: { kind: 'retry_now' },
    });
    const { logs, messages } = await world.tracesOf(result.incidentId);
    expect(logs.map(({ attempt, action_type: type, result: end }) => [attempt, type, end])).toEqual([
      [0, 'DOCKER_RESTART', 'refused'],
      [1, 'WAIT_RETRY', 'success'],
    ]);
    expect(logs[0]?.error).toMatch(/^protected-name: .* became WAIT_RETRY\./);
    expect(messages.map(kindOf)).toEqual(['✅ Resolved']);
    await world.rows("DELETE FROM playbooks WHERE name = 'restart-the-database'");
  });

  it('becomes a message where the cause can not be probed', async () => {
    const result = await world.heal(unhealthy('momo-postgres'));
    expect(result).toMatchObject({
      status: 'alerted',
      actionType: 'ALERT_ONLY',
      verdict: { kind: 'give_up' },
    });
    const { logs, messages } = await world.tracesOf(result.incidentId);
    expect(logs.map(({ attempt, action_type: type, result: end }) => [attempt, type, end])).toEqual([
      [0, 'DOCKER_RESTART', 'refused'],
      [1, 'ALERT_ONLY', 'success'],
    ]);
    expect(logs[0]?.error).toContain('became ALERT_ONLY');
    expect(messages.map(kindOf)).toEqual(['🔔 Needs a person']);
  });

  it('becomes a wait for the container itself, which a person cures', async () => {
    await hang(world, 'momo-db');
    const { handle } = await waiting(unhealthy('momo-db'));
    await world.lab.container('momo-db').restart(0);
    expect(await world.resultOf(handle)).toMatchObject({ status: 'resolved', actionType: 'WAIT_RETRY' });
  });

  it.each([
    ['store', 'protected-image'],
    ['by-alias', 'protected-name'],
    ['by-service', 'protected-name'],
    ['by-label', 'protected-label'],
  ])('becomes a wait where only the host can tell: %s (%s)', async (name, rule) => {
    await hang(world, name);
    const { handle } = await waiting(unhealthy(name));
    await world.lab.container(name).restart(0);
    const result = await world.resultOf(handle);
    expect(result).toMatchObject({ status: 'resolved', actionType: 'WAIT_RETRY' });
    const { logs } = await world.tracesOf(result.incidentId);
    expect(logs[0]).toMatchObject({ attempt: 0, action_type: 'DOCKER_RESTART', result: 'refused' });
    expect(logs.at(-1)).toMatchObject({ action_type: 'WAIT_RETRY', result: 'success' });
    expect(logs.filter(({ action_type: type }) => type === 'DOCKER_RESTART')).toHaveLength(1);
    expect(logs[0]?.error).toContain(`${rule}: `);
  });

  it('escalates where nobody cures it, and asks nobody to approve what is forbidden', async () => {
    await hang(world, 'by-asking');
    const result = await world.heal({
      source: 'alertmanager',
      target: 'by-asking',
      error: { message: 'container by-asking was OOM-killed' },
    });
    expect(result).toMatchObject({
      status: 'escalated',
      playbook: 'oom-killed',
      actionType: 'WAIT_RETRY',
      attempts: 2,
    });
    const { logs, messages } = await world.tracesOf(result.incidentId);
    expect(logs.map(({ result: end }) => end)).toEqual(['refused', 'failure', 'failure']);
    expect(messages.map(kindOf)).toEqual(['🚨 Escalated']);
  });

  it('touches nothing by any of these ways', () => {
    const protectedOnes = ['momo-db', 'store', 'by-alias', 'by-service', 'by-label', 'by-asking'];
    expect(protectedOnes.map((name) => world.restartsOf(name))).toEqual(protectedOnes.map(() => 0));
    expect(commands().filter((line) => !/^'(getent|docker)'/.test(line))).toEqual([]);
    expect(commands().filter((line) => line.includes("'restart'"))).toEqual([]);
  });
});
