import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HealStatus } from '../../workflows/messages.ts';
import { hang, kindOf, openHealWorld, unhealthy, until, type HealWorld } from './heal-world.ts';

const dies = { kind: 'dies-after-start', afterMs: 100 } as const;
const names = ['hung', 'second', 'spent', 'adopted', 'leased', 'far', 'disk'].map((name) => `app-${name}`);

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(names);
});
afterAll(() => world.close());

it('restarts a hung container, watches it until it is stable, and records every step', async () => {
  await hang(world, 'app-hung');
  const handle = await world.open(unhealthy('app-hung', { task: 'run_auto_import_task' }));
  const result = await world.resultOf(handle);
  expect(result).toMatchObject({
    status: 'resolved',
    playbook: 'container-unhealthy',
    actionType: 'DOCKER_RESTART',
    attempts: 1,
    occurrences: 1,
    verdict: { kind: 'retry_now', at: null },
    catalogueSource: 'database',
  });
  expect(result.mergedInto).toBeUndefined();
  expect(world.restartsOf('app-hung')).toBe(1);

  const { incident, logs, insights, messages } = await world.tracesOf(result.incidentId);
  expect(incident).toMatchObject({
    status: 'resolved',
    error_type: 'CONTAINER_UNHEALTHY',
    playbook: 'container-unhealthy',
    playbook_id: expect.any(Number) as number,
    attempts: 1,
    occurrences: 1,
    relapse_of: null,
    workflow_id: handle.workflowId,
    run_id: result.incidentId,
    escalated_at: null,
    metadata: { verdict: 'retry_now' },
  });
  expect(incident.resolved_at).toBeInstanceOf(Date);

  const id = world.lab.container('app-hung').id;
  expect(logs).toMatchObject([
    { attempt: 1, action_type: 'DOCKER_RESTART', result: 'success', command: `docker restart -t 0 ${id}` },
  ]);
  expect(logs[0]?.steps.map(({ step }) => step)).toEqual(['look', 'act', 'verify']);
  expect(logs[0]?.duration_ms).toBeGreaterThanOrEqual(500);
  expect(insights).toMatchObject([{ queued: 1 }]);
  const { event, symptom, action, result: end, lesson } = insights[0] ?? {};
  for (const part of [event, symptom, action, end, lesson]) expect(part).toMatch(/\w{3}/);
  expect(messages).toHaveLength(1);
  expect(messages[0]?.text).toMatch(/^✅ \S+ · Resolved · CONTAINER_UNHEALTHY/);
});

it('shows the incident in the Temporal UI: by search attributes, and in words', async () => {
  const query =
    "AutoHealTarget = 'app-hung' AND AutoHealStatus = 'resolved' AND AutoHealErrorType = 'CONTAINER_UNHEALTHY' " +
    "AND AutoHealPlaybook = 'container-unhealthy' AND AutoHealSeverity = 'P2' AND AutoHealTask = 'run_auto_import_task'";
  const found = await until(async () => {
    for await (const run of world.client.workflow.list({ query })) return run;
    return null;
  });
  const handle = world.client.workflow.getHandle(found.workflowId, found.runId);
  const metadata = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(metadata.currentDetails).toContain('**resolved** · CONTAINER_UNHEALTHY · reported 1 time(s)');
  expect(metadata.currentDetails).toContain('container app-hung is unhealthy');
  expect(metadata.currentDetails).toContain('1. attempt 1, DOCKER_RESTART: success');
  expect(metadata.currentDetails).not.toMatch(/waiting for|owes/);
  expect(await handle.query<HealStatus>('status')).toMatchObject({
    status: 'resolved',
    verdict: { kind: 'retry_now' },
    owed: { incidents: 0, healLogs: 0, insights: 0, messages: 0 },
  });
});

it('tries once more when the container dies again', async () => {
  const container = world.lab.container('app-second');
  container.setFate(dies);
  container.kill();
  void world.lab.runs
    .next((run) => run.kind === 'effect' && run.container === 'app-second' && run.effect === 'start')
    .then(() => container.setFate({ kind: 'works' }));
  const result = await world.heal({
    source: 'alertmanager',
    target: 'app-second',
    error: { message: 'container app-second exited' },
  });
  expect(result).toMatchObject({ status: 'resolved', attempts: 2, playbook: 'container-exited' });
  const { logs, messages, insights } = await world.tracesOf(result.incidentId);
  expect(logs).toMatchObject([
    { attempt: 1, result: 'failure', error: expect.stringContaining('exit code 1') as string },
    { attempt: 2, result: 'success', error: null },
  ]);
  expect(insights[0]?.lesson).toContain('only at attempt 2');
  expect(messages).toHaveLength(1);
  expect(world.restartsOf('app-second')).toBe(2);
});

it('escalates, with all that was tried, when the attempts are spent', async () => {
  const container = world.lab.container('app-spent');
  container.setFate(dies);
  container.kill();
  const result = await world.heal({
    source: 'alertmanager',
    target: 'app-spent',
    error: { message: 'container app-spent exited' },
  });
  expect(result).toMatchObject({ status: 'escalated', attempts: 2, verdict: { kind: 'give_up' } });
  const { incident, logs, messages, insights } = await world.tracesOf(result.incidentId);
  expect(incident).toMatchObject({ status: 'escalated', attempts: 2, resolved_at: null });
  expect(incident.escalated_at).toBeInstanceOf(Date);
  expect(logs.map((log) => [log.attempt, log.result])).toEqual([
    [1, 'failure'],
    [2, 'failure'],
  ]);
  for (const { duration_ms: durationMs } of logs) expect(durationMs).toBeGreaterThan(0);
  expect(insights).toHaveLength(1);
  expect(messages).toHaveLength(1);
  const { text } = messages[0] ?? { text: '' };
  expect(text).toMatch(/^🚨 \S+ · Escalated/);
  expect(text).toContain('Try 1: restart of the container: did not help');
  expect(text).toContain('Try 2: restart of the container: did not help');
  expect(text).toContain('Look at the exit code and the last lines of the log');
  expect(world.restartsOf('app-spent')).toBe(2);
});

it('adopts a container that somebody restarted since the failure', async () => {
  const occurredAt = new Date().toISOString();
  await world.lab.container('app-adopted').restart(0);
  await until(async () => world.lab.container('app-adopted').view().health === 'healthy');
  const result = await world.heal({
    source: 'alertmanager',
    target: 'app-adopted',
    occurredAt,
    error: { message: 'Container app-adopted was OOM-killed' },
  });
  expect(result).toMatchObject({ status: 'resolved', attempts: 1, verdict: { kind: 'retry_now' } });
  const { logs, messages } = await world.tracesOf(result.incidentId);
  expect(logs).toMatchObject([{ attempt: 1, result: 'skipped', command: null }]);
  expect(logs[0]?.steps[0]?.detail).toContain('after the failure, and is well');
  expect(messages).toHaveLength(1);
  expect(world.restartsOf('app-adopted')).toBe(0);
});

it('waits for the lease that another incident holds, then adopts what that one did', async () => {
  await hang(world, 'app-leased');
  world.lab.delayNext({ matching: /'restart'/, ms: 2000, when: 'before' });
  const first = await world.open(unhealthy('app-leased'));
  await until(async () => (await first.query<HealStatus>('status')).status === 'acting');
  const second = await world.open({
    source: 'alertmanager',
    target: 'app-leased',
    error: { message: 'container app-leased exited' },
  });
  const status = await until(async () => {
    const seen = await second.query<HealStatus>('status');
    return seen.status === 'waiting' ? seen : null;
  });
  expect(status.waitingFor).toBe(`the lease of app-leased, held by ${first.workflowId}`);
  const [one, two] = await Promise.all([world.resultOf(first), world.resultOf(second)]);
  expect([one.status, two.status]).toEqual(['resolved', 'resolved']);
  expect((await world.tracesOf(two.incidentId)).logs).toMatchObject([{ attempt: 1, result: 'skipped' }]);
  expect(world.restartsOf('app-leased')).toBe(1);
});

it('looks again where there is no way to the host, then tells what is wrong with it: no attempt is spent', async () => {
  await world.lab.refuse('host', true);
  world.lab.cutConnections();
  try {
    const result = await world.heal(unhealthy('app-far'));
    expect(result).toMatchObject({ status: 'escalated', attempts: 0, verdict: { kind: 'give_up' } });
    const { logs, messages } = await world.tracesOf(result.incidentId);
    expect(logs.map(({ result: end, command }) => [end, command])).toEqual([['skipped', null]]);
    expect(logs[0]?.error).toContain('ollama-188');
    // The card that the new message replaces is changed too: its buttons go.
    const sent = messages.filter(({ edited }) => !edited);
    expect(sent.map(kindOf)).toEqual(['⏳ Waiting for recovery', '🚨 Escalated']);
    expect(sent[1]?.text).toContain('ollama-188');
  } finally {
    await world.lab.refuse('host', false);
  }
  expect(world.restartsOf('app-far')).toBe(0);
});

it('diagnoses what no restart cures, and hands the output to a person', async () => {
  const result = await world.heal({
    source: 'alertmanager',
    target: 'app-disk',
    error: { message: 'write failed: no space left on device' },
  });
  expect(result).toMatchObject({
    status: 'escalated',
    playbook: 'disk-full',
    actionType: 'SSH_CMD',
    attempts: 1,
    verdict: { kind: 'give_up' },
  });
  const { logs, messages, insights } = await world.tracesOf(result.incidentId);
  expect(logs).toMatchObject([{ action_type: 'SSH_CMD', command: 'df -h', result: 'success' }]);
  expect(logs[0]?.output).toContain('Filesystem');
  expect(messages).toHaveLength(1);
  expect(messages[0]?.text).toContain('Filesystem');
  expect(insights).toHaveLength(1);
});
