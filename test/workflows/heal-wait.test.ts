import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import { kindOf, messagesOf, openHealWorld, until, type HealWorld } from './heal-world.ts';

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld([
    'app-dns',
    'app-db',
    'app-port',
    'app-quiet',
    'app-loud',
    'app-told',
    'app-taken',
  ]);
  await setWait('dns-fail', 1.5, 4);
  await setWait('db-unreachable', 6, 3);
  await setWait('rate-limited', 1, 3);
});
afterAll(() => world.close());

const setWait = (playbook: string, backoffSec: number, maxRetries: number) =>
  world.rows(
    'UPDATE playbooks SET max_retries = $2, action_params = action_params || $3::jsonb WHERE name = $1',
    [playbook, maxRetries, JSON.stringify({ backoffSec, maxBackoffSec: backoffSec })],
  );

const failure = (target: string, message: string, more: Partial<Report> = {}): Report => ({
  source: 'task',
  target,
  error: { message },
  ...more,
});
const noName = 'could not translate host name "shop-db" to address: Name or service not known';

it('waits for a name to resolve, and lets the task run again at once when it does', async () => {
  const begun = world.lab.runs.commandLines().length;
  const handle = await world.open(failure('app-dns', noName, { severity: 'P1' }));
  const waiting = await until(async () => {
    const seen = await handle.query<HealStatus>('status');
    return seen.status === 'waiting' ? seen : null;
  });
  expect(waiting).toMatchObject({ actionType: 'WAIT_RETRY', waitingFor: 'the name to resolve' });
  expect(Date.parse(waiting.until ?? '')).toBeGreaterThan(Date.now());
  world.lab.names.set('shop-db', '10.0.0.99');
  const result = await world.resultOf(handle);
  expect(result).toMatchObject({
    status: 'resolved',
    playbook: 'dns-fail',
    actionType: 'WAIT_RETRY',
    attempts: 1,
    verdict: { kind: 'retry_now', reason: 'shop-db resolves on ollama-188' },
  });
  const { logs, messages, insights } = await world.tracesOf(result.incidentId);
  expect(logs).toMatchObject([{ attempt: 1, action_type: 'WAIT_RETRY', result: 'success', command: null }]);
  expect(logs[0]?.steps).toMatchObject([{ step: 'wait', detail: 'shop-db resolves on ollama-188' }]);
  expect(messages.map(kindOf)).toEqual(['✅ Resolved']);
  expect(insights).toHaveLength(1);
  const commands = world.lab.runs.commandLines().slice(begun);
  expect(new Set(commands)).toEqual(new Set(["'getent' 'hosts' 'shop-db'"]));
});

it('tells at once that a long wait begins, and once more how it ended', async () => {
  world.lab.postgresReady('momo-db', false);
  const message = 'connection to server at "momo-db" (10.0.0.5), port 5432 failed: Connection refused';
  const handle = await world.open(failure('app-db', message));
  const reportedAt = Date.now();
  const told = await until(async () => messagesOf(world, handle.incidentId)[0] ?? null);
  // ADR-013 A15: inside 30 seconds.
  expect(Date.now() - reportedAt).toBeLessThan(30_000);
  expect(told.text).toMatch(/^⏳ Waiting for recovery · DB_UNREACHABLE · P1/);
  world.lab.postgresReady('momo-db', true);
  const result = await world.resultOf(handle);
  expect(result).toMatchObject({ status: 'resolved', verdict: { kind: 'retry_now' } });
  const { messages } = await world.tracesOf(result.incidentId);
  expect(messages.map(kindOf)).toEqual(['⏳ Waiting for recovery', '✅ Resolved']);
});

it('says that somebody took it over, and escalates all the same', async () => {
  const handle = await world.open(failure('app-taken', 'connect ECONNREFUSED 127.0.0.1:19'));
  await until(async () => (await handle.query<HealStatus>('status')).status === 'waiting');
  await handle.signal('ack', { by: 'Alice (Telegram 1001)' });
  const result = await world.resultOf(handle);
  expect(result.status).toBe('escalated');
  const { incident, messages } = await world.tracesOf(handle.incidentId);
  expect(messages.map(kindOf)).toEqual(['👤 Taken over', '🚨 Escalated']);
  for (const { text } of messages) expect(text).toContain('Taken over by: Alice (Telegram 1001)');
  expect(incident.metadata['acknowledgedBy']).toBe('Alice (Telegram 1001)');
});

it('escalates a wait whose cause stays', async () => {
  const message = 'connect ECONNREFUSED 127.0.0.1:9';
  const result = await world.heal(failure('app-port', message));
  expect(result).toMatchObject({
    status: 'escalated',
    playbook: 'connection-refused',
    attempts: 2,
    verdict: { kind: 'give_up', reason: 'the cause was still there after 2 wait(s)' },
  });
  const { incident, logs, messages } = await world.tracesOf(result.incidentId);
  expect(incident.escalated_at).toBeInstanceOf(Date);
  expect(logs.map(({ attempt, result: end }) => [attempt, end])).toEqual([
    [1, 'failure'],
    [2, 'failure'],
  ]);
  expect(logs[0]?.error).toContain('127.0.0.1:9 is closed');
  expect(messages).toHaveLength(1);
  expect(messages[0]?.text).toMatch(/^🚨 Escalated/);
});

it('takes a quiet wait for the sign where there is nothing to probe', async () => {
  const result = await world.heal(failure('app-quiet', '429 Too Many Requests: rate limit exceeded'));
  expect(result).toMatchObject({ status: 'resolved', playbook: 'rate-limited', attempts: 1 });
  expect(result.verdict.reason).toBe('no further report in 1 s');
});

it('waits longer where the failure is reported again meanwhile', async () => {
  const report = failure('app-loud', '429 Too Many Requests: rate limit exceeded');
  const handle = await world.open(report);
  await until(async () => (await handle.query<HealStatus>('status')).status === 'waiting');
  await world.open(report);
  const result = await world.resultOf(handle);
  expect(result).toMatchObject({ status: 'resolved', attempts: 2, occurrences: 2 });
  const { incident, logs, messages } = await world.tracesOf(result.incidentId);
  expect(incident).toMatchObject({ occurrences: 2, attempts: 2 });
  expect(logs.map(({ result: end, error }) => [end, error])).toEqual([
    ['failure', 'it was reported again meanwhile'],
    ['success', null],
  ]);
  expect(messages).toHaveLength(1);
});

it('ends a wait when the monitoring system tells that the cause is gone', async () => {
  const handle = await world.open(failure('app-told', noName.replace('shop-db', 'other-db')));
  await until(async () => (await handle.query<HealStatus>('status')).status === 'waiting');
  await handle.signal('causeGone', { by: 'alertmanager', detail: 'the alert is resolved' });
  const result = await world.resultOf(handle);
  expect(result).toMatchObject({
    status: 'resolved',
    verdict: { kind: 'retry_now', reason: 'alertmanager tells: the alert is resolved' },
  });
});
