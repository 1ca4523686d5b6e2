import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import { peopleTold } from '../support/people-told.ts';
import { openHealWorld, unhealthy, type HealWorld } from './heal-world.ts';

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(['app-login', 'app-cold', 'app-asked', 'app-idle']);
});
afterAll(() => world.close());

const refusedLogin = (more: Partial<Report>): Report => ({
  source: 'task',
  error: { message: 'FATAL: password authentication failed for user "momo"' },
  ...more,
});

it('only tells people where only a person can help', async () => {
  const begun = world.lab.runs.commandLines().length;
  const result = await world.heal(refusedLogin({ target: 'app-login' }));
  expect(result).toMatchObject({
    status: 'alerted',
    playbook: 'auth-failed',
    actionType: 'ALERT_ONLY',
    attempts: 1,
    verdict: { kind: 'give_up' },
  });
  const { incident, logs, insights, messages } = await world.tracesOf(result.incidentId);
  expect(incident).toMatchObject({ status: 'alerted', metadata: { verdict: 'give_up' } });
  expect(logs).toMatchObject([{ attempt: 1, action_type: 'ALERT_ONLY', result: 'success' }]);
  expect(insights).toMatchObject([{ queued: 1 }]);
  expect(messages).toHaveLength(1);
  expect(messages[0]?.text).toMatch(/^🔔 app-login · Needs a person · AUTH_FAILED · P2/);
  expect(messages[0]?.text).toContain('Check whether the password, token or key was changed');
  expect(world.lab.runs.commandLines()).toHaveLength(begun);
});

it('tells an unknown failure once in ten minutes, however often it comes back, and counts each', async () => {
  const report: Report = { source: 'cli', task: 'odd', error: { message: 'the moon is in the wrong house' } };
  const results = [];
  for (const _ of [1, 2, 3]) results.push(await world.heal(report));
  const ids = results.map(({ incidentId }) => incidentId);
  expect(new Set(ids).size).toBe(3);
  expect(results.map(({ status, verdict }) => [status, verdict.kind])).toEqual(
    ids.map(() => ['alerted', 'give_up']),
  );
  const traces = await Promise.all(ids.map((id) => world.tracesOf(id)));
  expect(traces.map(({ messages }) => messages.length)).toEqual([1, 0, 0]);
  expect(traces.map(({ logs }) => logs.map(({ result }) => result))).toEqual([
    ['success'],
    ['skipped'],
    ['skipped'],
  ]);
  expect(traces.map(({ insights }) => insights.length)).toEqual([1, 1, 1]);
  expect(traces.map(({ incident }) => incident.error_type)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
});

it('alerts where no playbook matches', async () => {
  await world.rows("UPDATE playbooks SET enabled = false WHERE name = 'cert-expired'");
  const result = await world.heal({
    source: 'task',
    task: 'sync',
    error: { message: 'x509: certificate has expired' },
  });
  expect(result).toMatchObject({ status: 'alerted', playbook: null, actionType: 'ALERT_ONLY' });
  expect(result.verdict).toMatchObject({ kind: 'give_up', reason: 'no playbook matches this failure' });
  const { incident, messages, logs } = await world.tracesOf(result.incidentId);
  expect(incident).toMatchObject({ error_type: 'CERT_EXPIRED', playbook_id: null });
  expect(logs).toMatchObject([{ result: 'success', playbook: null }]);
  expect(messages).toHaveLength(1);
});

it('does not fire a playbook again for a target while it cools down, and says when it may', async () => {
  await world.rows("UPDATE playbooks SET cooldown_min = 10 WHERE name = 'auth-failed'");
  const first = await world.heal(refusedLogin({ target: 'app-cold' }));
  expect(first.status).toBe('alerted');
  const before = Date.now();
  const second = await world.heal(refusedLogin({ target: 'app-cold' }));
  expect(second).toMatchObject({ status: 'suppressed', attempts: 0, verdict: { kind: 'retry_at' } });
  const waitMs = Date.parse(second.verdict.at ?? '') - before;
  expect(waitMs).toBeGreaterThan(500_000);
  expect(waitMs).toBeLessThanOrEqual(600_000);
  const { incident, logs, insights, messages } = await world.tracesOf(second.incidentId);
  expect(incident).toMatchObject({ status: 'suppressed', playbook: 'auth-failed' });
  expect(logs).toMatchObject([{ attempt: 0, action_type: 'ALERT_ONLY', result: 'skipped' }]);
  expect([insights.length, messages.length]).toEqual([0, 0]);
});

it('lets no stranger silence a failure that names no target', async () => {
  const first = await world.heal(refusedLogin({ task: 'one' }));
  const other = await world.heal(refusedLogin({ task: 'two' }));
  const again = await world.heal(refusedLogin({ task: 'one' }));
  expect([first.status, other.status, again.status]).toEqual(['alerted', 'alerted', 'suppressed']);
});

it('runs no requested restart without a playbook that restarts', async () => {
  await world.rows("UPDATE playbooks SET enabled = false WHERE action_type = 'DOCKER_RESTART'");
  try {
    const begun = world.lab.runs.commandLines().length;
    const action = { type: 'DOCKER_RESTART', target: 'app-asked' };
    const result = await world.heal({ source: 'elephant_alpha', error: { message: 'please' }, action });
    expect(result).toMatchObject({
      status: 'alerted',
      actionType: 'ALERT_ONLY',
      verdict: { kind: 'give_up' },
    });
    expect(world.lab.runs.commandLines()).toHaveLength(begun);
  } finally {
    await world.rows("UPDATE playbooks SET enabled = true WHERE action_type = 'DOCKER_RESTART'");
  }
});

it('says what a dry run would do, and changes nothing', async () => {
  const runs = async (): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { workflowId } of world.client.workflow.list()) ids.push(workflowId);
    return ids.filter((id) => !id.startsWith('dry-run/')).sort();
  };
  const counts = () =>
    world.rows(`SELECT (SELECT count(*) FROM incidents) AS incidents, (SELECT count(*) FROM heal_logs) AS logs,
      (SELECT count(*) FROM ai_insights) AS insights`);
  await peopleTold(world);
  const before = [await runs(), await counts(), world.lab.runs.all().length, world.botApi.messages().length];
  const result = await world.heal(unhealthy('app-idle', { dryRun: true }));
  expect(result).toMatchObject({
    playbook: 'container-unhealthy',
    actionType: 'DOCKER_RESTART',
    attempts: 0,
  });
  expect(result.verdict.reason).toMatch(/^dry run: /);
  expect(result.steps).toEqual([
    expect.stringMatching(/^classified as CONTAINER_UNHEALTHY, P2/) as string,
    'place: app-idle on ollama-188',
    'playbooks from the database: container-unhealthy',
    'rule 12: playbook container-unhealthy matches',
    expect.stringMatching(
      /^would look at app-idle on ollama-188, restart it when it is still failing/,
    ) as string,
    'the guard would let it pass',
  ]);
  const after = [await runs(), await counts(), world.lab.runs.all().length, world.botApi.messages().length];
  expect(after).toEqual(before);
});
