import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import { kindOf, messagesOf, openHealWorld, until, type HealWorld } from './heal-world.ts';

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld([
    ...['app-dns', 'app-db', 'app-port', 'app-quiet', 'app-loud', 'app-told', 'app-taken', 'app-shut'],
    { name: 'momo-db', image: 'postgres:16' },
    { name: 'app-bare', image: 'postgres:16', healthcheck: false },
    { name: 'app-store', image: 'postgres:16', aliases: ['store-alias'] },
    {
      name: 'app-loops',
      image: 'momo/app:2026.4',
      healthcheck: false,
      restartPolicy: 'always',
      fate: { kind: 'dies-after-start', afterMs: 3000 },
    },
    {
      name: 'app-needs',
      image: 'momo/app:2026.4',
      environment: { DATABASE_URL: 'postgres://momo:pw-of-momo@store-alias:5432/momo' },
    },
  ]);
  await world.lab.container('app-shut').stop(0);
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
  // The containers first, and the host's own resolver for what none of them goes by.
  expect(commands.at(-1)).toBe("'getent' 'hosts' 'shop-db'");
  expect(commands.filter((line) => !/^'docker' '(ps|container)'|^'getent'/.test(line))).toEqual([]);
});

it('tells at once that a long wait begins, and once more how it ended', async () => {
  world.lab.postgresReady('momo-db', false);
  const message = 'connection to server at "momo-db" (10.0.0.5), port 5432 failed: Connection refused';
  const handle = await world.open(failure('app-db', message));
  const reportedAt = Date.now();
  const told = await until(async () => messagesOf(world, handle.incidentId)[0] ?? null);
  // ADR-013 A15: inside 30 seconds.
  expect(Date.now() - reportedAt).toBeLessThan(30_000);
  expect(told.text).toMatch(/^⏳ app-db · Waiting for recovery · DB_UNREACHABLE · P1/);
  world.lab.postgresReady('momo-db', true);
  const result = await world.resultOf(handle);
  expect(result).toMatchObject({ status: 'resolved', verdict: { kind: 'retry_now' } });
  const { messages } = await world.tracesOf(result.incidentId);
  expect(messages.map(kindOf)).toEqual(['⏳ Waiting for recovery', '✅ Resolved']);
});

it('says that somebody took it over, and escalates all the same', async () => {
  const handle = await world.open(failure('app-taken', 'connect ECONNREFUSED app-shut:19'));
  await until(async () => (await handle.query<HealStatus>('status')).status === 'waiting');
  await handle.signal('ack', { by: 'Alice (Telegram 1001)' });
  const result = await world.resultOf(handle);
  expect(result.status).toBe('escalated');
  const { incident, messages } = await world.tracesOf(handle.incidentId);
  // Nobody had read of it when it was taken: who took it stands in what they read then.
  expect(messages.map(kindOf)).toEqual(['🚨 Escalated']);
  for (const { text } of messages) expect(text).toContain('Taken over by: Alice (Telegram 1001)');
  expect(incident.metadata['acknowledgedBy']).toBe('Alice (Telegram 1001)');
});

it('escalates a wait whose cause stays, and says what was seen', async () => {
  const result = await world.heal(failure('app-port', 'connect ECONNREFUSED app-shut:8080'));
  const reason = expect.stringMatching(
    /^the cause was still there after 2 wait\(s\): app-shut on ollama-188: it .*exit/,
  ) as string;
  expect(result).toMatchObject({
    status: 'escalated',
    playbook: 'connection-refused',
    attempts: 2,
    verdict: { kind: 'give_up', reason },
  });
  const { incident, logs, messages } = await world.tracesOf(result.incidentId);
  expect(incident.escalated_at).toBeInstanceOf(Date);
  expect(logs.map(({ attempt, result: end }) => [attempt, end])).toEqual([
    [1, 'failure'],
    [2, 'failure'],
  ]);
  expect(logs[0]?.error).toContain('app-shut on ollama-188');
  expect(messages).toHaveLength(1);
  expect(messages[0]?.text).toMatch(/^🚨 app-port · Escalated/);
});

it.each([
  ['nothing to look at', '429 Too Many Requests: rate limit exceeded', 'rate-limited', /nothing to probe/],
  [
    'an address that the estate does not know',
    'connect ECONNREFUSED 203.0.113.7:8080',
    'connection-refused',
    /203\.0\.113\.7 is no part of the estate/,
  ],
  [
    'its own machine',
    'connect ECONNREFUSED 127.0.0.1:8080',
    'connection-refused',
    /127\.0\.0\.1 is the failing program's own machine/,
  ],
  [
    'a blip that names nothing',
    'server closed the connection unexpectedly',
    'db-unreachable',
    /doesn't say which database to ask/,
  ],
  [
    'a database without a health check, which runs',
    'connection to server at "app-bare" (10.0.0.5), port 5432 failed: Connection refused',
    'db-unreachable',
    /app-bare on ollama-188: it runs, but has no health check/,
  ],
])(
  'ends a quiet wait unproven, and never calls it "still there": %s',
  async (_, message, playbook, reason) => {
    const result = await world.heal({ ...failure('app-quiet', message), task: message.slice(0, 20) });
    expect(result).toMatchObject({
      status: 'alerted',
      playbook,
      attempts: 1,
      verdict: { kind: 'retry_now' },
    });
    expect(result.verdict.reason).toMatch(reason);
    expect(result.verdict.reason).toContain('nothing showed whether the cause is gone');
    expect(result.verdict.reason).toContain('no further report in');
    const { logs, messages } = await world.tracesOf(result.incidentId);
    expect(logs).toMatchObject([{ result: 'unknown' }]);
    expect(messages.map(kindOf).at(-1)).toBe('🔔 Needs a person');
  },
);

it('waits longer where the failure is reported again meanwhile', async () => {
  const report = failure('app-loud', '429 Too Many Requests: rate limit exceeded');
  const handle = await world.open(report);
  await until(async () => (await handle.query<HealStatus>('status')).status === 'waiting');
  await world.open(report);
  const result = await world.resultOf(handle);
  expect(result).toMatchObject({ status: 'alerted', attempts: 2, occurrences: 2 });
  const { incident, logs, messages } = await world.tracesOf(result.incidentId);
  expect(incident).toMatchObject({ occurrences: 2, attempts: 2 });
  expect(logs.map(({ result: end }) => end)).toEqual(['failure', 'unknown']);
  expect(logs[0]?.error).toContain('it was reported again meanwhile');
  expect(messages).toHaveLength(1);
});

it('finds a name by its alias, its service and its network, never by one look at a loop', async () => {
  const container = world.lab.container('app-store');
  container.disconnect();
  const handle = await world.open(
    failure('app-dns', noName.replace('shop-db', 'store-alias'), { task: 'alias' }),
  );
  await until(async () => (await handle.query<HealStatus>('status')).status === 'waiting');
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect((await handle.query<HealStatus>('status')).verdict).toBeNull();
  container.connect();
  expect(await world.resultOf(handle)).toMatchObject({
    status: 'resolved',
    verdict: { kind: 'retry_now', reason: expect.stringContaining('store-alias (app-store) on') as string },
  });
  const looped = await world.heal(
    failure('app-dns', noName.replace('shop-db', 'app-loops'), { task: 'loop' }),
  );
  expect(looped).toMatchObject({ status: 'escalated' });
  expect(looped.verdict.reason).toMatch(
    /app-loops on ollama-188: (Docker keeps restarting it|it was started again)/,
  );
});

it('looks at what its target depends on where the text names nothing', async () => {
  world.lab.postgresReady('app-store', false);
  await until(async () => world.lab.container('app-store').view().health === 'unhealthy');
  const handle = await world.open(failure('app-needs', 'server closed the connection unexpectedly'));
  await until(async () => (await handle.query<HealStatus>('status')).status === 'waiting');
  world.lab.postgresReady('app-store', true);
  const result = await world.resultOf(handle);
  expect(result).toMatchObject({ status: 'resolved', verdict: { kind: 'retry_now' } });
  expect(result.verdict.reason).toContain('store-alias (app-store) on ollama-188');
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
