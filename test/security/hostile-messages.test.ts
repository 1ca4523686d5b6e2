import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { RawValue } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incidentWorkflowId } from '../../client/delivery/deliver-report.ts';
import { opened, type Classified } from '../../domain/incident/state.ts';
import type { Report } from '../../domain/report/report.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import { openHealWorld, until, type HealWorld } from '../workflows/heal-world.ts';
import { admin, ask, requestOf } from './requests.ts';

/** What whoever can reach Temporal may send to a run: arguments, signals, updates, and state of a run that never was. */

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(['idle'], { codeFix: { host: 'ollama-188', command: ['uname', '-r'] } });
});
afterAll(() => world.close());

const statusOf = (handle: WorkflowHandle) => handle.query<HealStatus>('status');
const codeFixesRun = () => world.lab.runs.commandLines().filter((line) => line.includes('uname')).length;

/** An incident of an earlier run, as a run would hand it on, with the approval that a code fix waits for. */
const forged = (report: Report, classified: Classified) => ({
  fromRun: randomUUID(),
  incident: {
    ...opened(randomUUID(), report, classified, 1),
    approval: {
      ...{ nonce: 'x', playbook: null, until: '2999-01-01T00:00:00Z', situation: null },
      asked: 'CODE_FIX on ollama-188: uname -r',
      decision: { approve: true, by: 'nobody', name: 'forged', nonce: 'x' },
    },
  },
});

describe('state of an earlier run that never was', () => {
  it.each([
    ['', {}],
    [' also where a schedule starts it again, with a run before it', { cronSchedule: '@every 1s' }],
  ])('is not believed:%s', async (_, options) => {
    const report = requestOf({ type: 'CODE_FIX', note: 'as it was approved' });
    const workflowId = incidentWorkflowId(report, world.delivery);
    const genuine = await ask(world, report);
    const { classified } = await classifiedBy(genuine.handle);
    await genuine.handle.terminate();
    const handle = await world.client.workflow.start('HealWorkflow', {
      ...{ workflowId, taskQueue: world.taskQueue, ...options },
      args: [report, forged(report, classified)],
    });
    try {
      // Twice, where there is a next run.
      for (let runs = 0; runs < ('cronSchedule' in options ? 2 : 1); runs += 1) {
        await until(async () => (await statusOf(handle).catch(() => null))?.status === 'awaiting_approval');
        const { incidentId, steps } = await statusOf(handle);
        expect(incidentId).toBe((await handle.describe()).runId);
        expect(steps.join('\n')).not.toContain('forged');
        if ('cronSchedule' in options && runs === 0) await deny(handle);
      }
      expect(codeFixesRun()).toBe(0);
    } finally {
      await handle.terminate();
    }
  });
});

/** What the first activity of a run found out about its report. */
async function classifiedBy(handle: WorkflowHandle): Promise<{ classified: Classified }> {
  const { events } = await handle.fetchHistory();
  for (const { markerRecordedEventAttributes: marker } of events ?? []) {
    const data = marker?.details?.['data']?.payloads?.[0]?.data;
    const result = marker?.details?.['result']?.payloads?.[0]?.data;
    if (data && result && Buffer.from(data).toString().includes('"classify"'))
      return { classified: JSON.parse(Buffer.from(result).toString()) as Classified };
  }
  throw new Error('the history has no classification');
}

async function deny(handle: WorkflowHandle): Promise<void> {
  const { incidentId } = await statusOf(handle);
  const nonce = await until(async () => {
    const told = world.botApi.messages().find(({ text }) => text.includes(`approve ${incidentId}`));
    return /\/approve \S+ ([0-9a-f]{8})/.exec(told?.text ?? '')?.[1] ?? null;
  });
  const decision = { approve: false, by: admin, nonce };
  await handle.executeUpdate<unknown, [object]>('decide', { args: [decision] });
}

/** What a sender writes that keeps to no library's bounds. */
const raw = (json: string, encoding = 'json/plain') =>
  RawValue.fromPayload({ metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(json) });
const deeply = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const deep = raw(deeply(20_000));
const junk: unknown[] = [null, true, 7, 'text', [], [null], {}, { by: null }, { by: {} }, deep];

describe('a message that is none', () => {
  it('leaves an incident that waits for a person as it was: it still hears the right ones', async () => {
    const asked = await ask(world, requestOf({ type: 'CODE_FIX', note: 'a' }));
    const { handle } = asked;
    const names = [
      'ack',
      'report',
      'reports',
      'verdict',
      'causeGone',
      'taskOutcome',
      'lift',
      'wake',
      'no such',
    ];
    for (const name of names) {
      await handle.signal(name);
      for (const each of junk) await handle.signal<[unknown, unknown]>(name, each, each);
      for (const each of junk) await handle.signal<[unknown, unknown]>(name, undefined, each);
    }
    const good = requestOf({ type: 'CODE_FIX', note: 'a' });
    for (const each of [null, 7, {}, []])
      await handle.signal<[unknown, unknown]>('report', good, { workflowId: each });
    for (const workflowId of ['', '\0', '\ud800', 'x'.repeat(1001), '資'.repeat(400)])
      await handle.signal<[unknown, unknown]>('report', good, { workflowId, tellsOutcome: true });
    for (const each of junk) {
      const update = handle.executeUpdate<unknown, [unknown]>('decide', { args: [each] });
      await expect(update).rejects.toMatchObject({
        cause: { message: expect.stringContaining('not a decision') as string },
      });
    }
    await expect(handle.executeUpdate('decide')).rejects.toThrow();
    expect(await statusOf(handle)).toMatchObject({ status: 'awaiting_approval' });
    expect(await failedTasks(handle)).toEqual([]);
    expect(await asked.answer(false)).toMatchObject({ status: 'escalated' });
  });

  it.each([
    [null],
    [7],
    ['text'],
    [[]],
    [{}],
    [{ error: {} }],
    [deep],
    [raw(`{"source":"api","error":{"message":"m"},"labels":{"a":${deeply(20_000)}}}`)],
  ])('ends the run that was started with it, by a failure that says why: %#', async (input) => {
    const handle = await world.client.workflow.start('HealWorkflow', {
      ...{ workflowId: `foreign-${randomUUID()}`, taskQueue: world.taskQueue },
      args: [input, input],
    });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'InvalidReport' } });
  });

  it.each([
    ['GuardHoldWorkflow', 'COMPLETED'],
    ['OwedRecordsWorkflow', 'FAILED'],
    ['ScheduledTaskWorkflow', 'FAILED'],
    ['RetryLeaseWorkflow', 'FAILED'],
  ])('ends %s, where it was started with one', async (type, ends) => {
    for (const args of [[], ...junk.map((each) => [each])]) {
      const workflowId = `junk-${randomUUID()}`;
      const handle = await world.client.workflow.start(type, {
        workflowId,
        taskQueue: world.taskQueue,
        args,
      });
      await handle.result().catch(() => null);
      expect((await handle.describe()).status.name).toBe(ends);
    }
  });

  it('owes nothing in the name of an incident', async () => {
    const notice = { noticeId: 'x/resolved', kind: 'resolved', incidentId: randomUUID(), severity: 'P1' };
    const handle = await world.client.workflow.start('OwedRecordsWorkflow', {
      ...{ workflowId: `owed/${randomUUID()}`, taskQueue: world.taskQueue },
      args: [{ debt: { incidents: [], healLogs: [], insights: [], notices: [notice] } }],
    });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'NotAnIncidents' } });
  });
});

async function failedTasks(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .map(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message ?? null)
    .filter((message) => message !== null);
}
