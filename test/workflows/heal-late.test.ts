import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incidentWorkflowId } from '../../client/delivery/deliver-report.ts';
import type { Report } from '../../domain/report/report.ts';
import type { HealStatus, Listener } from '../../workflows/messages.ts';
import { openHealWorld, unhealthy, until, type HealWorld } from './heal-world.ts';

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(['app-late', 'app-owing', 'app-junk', 'app-told', 'app-again']);
});
afterAll(() => world.close());

const incidentOf = (report: Report): string => incidentWorkflowId(report, world.delivery);

/** Keeps every incident open that is settled meanwhile: it owes a heal log which nobody takes. */
async function whileHealLogsAreLocked<T>(run: () => Promise<T>): Promise<T> {
  const lock = new pg.Client({ connectionString: world.databaseUrl });
  await lock.connect();
  try {
    await lock.query('BEGIN; LOCK TABLE heal_logs IN ACCESS EXCLUSIVE MODE');
    return await run();
  } finally {
    await lock.end();
  }
}
const longAfterTheEnd = () => new Promise((resolve) => setTimeout(resolve, 2500));

it('opens a new incident for a failure that comes back, and says of which one it is a relapse', async () => {
  const first = await world.heal(unhealthy('app-late'));
  const second = await world.heal(unhealthy('app-late'));
  expect(second.incidentId).not.toBe(first.incidentId);
  const { incident } = await world.tracesOf(second.incidentId);
  expect(incident).toMatchObject({ relapse_of: first.incidentId, occurrences: 1 });
});

it('goes on as a new incident when the failure comes back while records are still owed', async () => {
  const report = unhealthy('app-owing');
  const incident = world.client.workflow.getHandle(incidentOf(report));
  const [settled, next] = await whileHealLogsAreLocked(async () => {
    const first = await world.startForeign(report);
    const resolved = await until(async () => {
      const seen = await incident.query<HealStatus>('status').catch(() => null);
      return seen?.status === 'resolved' ? seen : null;
    });
    expect(resolved).toMatchObject({ verdict: { kind: 'retry_now' }, owed: { healLogs: 1 } });
    await longAfterTheEnd();
    const second = await world.startForeign(report);
    const relapsed = await until(async () => {
      const seen = await incident.query<HealStatus>('status').catch(() => null);
      return seen !== null && seen.incidentId !== resolved.incidentId && seen.verdict !== null ? seen : null;
    });
    // Whoever reported the first failure has its verdict, though the database has not taken a thing.
    expect(await world.resultOf(first)).toMatchObject({
      incidentId: resolved.incidentId,
      status: 'resolved',
    });
    expect(await world.resultOf(second)).toMatchObject({ mergedInto: relapsed.incidentId });
    return [resolved, relapsed];
  });
  await until(async () => (await incident.describe()).status.name === 'COMPLETED');
  const [one, two] = [await world.tracesOf(settled.incidentId), await world.tracesOf(next.incidentId)];
  expect([one.incident.status, two.incident.status]).toEqual(['resolved', 'resolved']);
  expect(two.incident.relapse_of).toBe(settled.incidentId);
  expect([one.logs.length, two.logs.length]).toEqual([1, 1]);
  expect([one.messages.length, two.messages.length]).toEqual([1, 1]);
});

it('loses nothing that is owed when what comes next is no report, and lives through a malformed signal', async () => {
  const report = unhealthy('app-junk');
  const incident = world.client.workflow.getHandle(incidentOf(report));
  const { incidentId } = await whileHealLogsAreLocked(async () => {
    await world.startForeign(report);
    const settled = await until(async () => {
      const seen = await incident.query<HealStatus>('status').catch(() => null);
      return seen?.verdict == null ? null : seen;
    });
    await longAfterTheEnd();
    const { runId } = await incident.describe();
    await incident.signal('reports', { ...report, shell: 'id' });
    await until(async () => (await incident.describe()).runId !== runId);
    return settled;
  });
  await until(async () => {
    const { logs, insights, messages } = await world.tracesOf(incidentId);
    return logs.length === 1 && insights.length === 1 && messages.length === 1;
  });
});

it('writes down what is counted while late listeners are told, as the last thing of a run', async () => {
  const report = { ...unhealthy('app-told'), occurredAt: new Date().toISOString() };
  const incident = await world.open(report);
  let accepted = 1;
  const count = async (...args: [Report] | [Report, Listener]) => {
    await incident.signal('report', ...args);
    accepted += 1;
  };
  await whileHealLogsAreLocked(async () => {
    await until(async () => (await incident.query<HealStatus>('status')).verdict !== null);
    await longAfterTheEnd();
    const listeners = Array.from({ length: 150 }, (_, at) => ({
      workflowId: `gone-${at}`,
      tellsOutcome: false,
    }));
    await Promise.all(listeners.map((listener) => count(report, listener)));
  });
  for (let more = 0; more < 100; more++) await count(report).catch(() => undefined);
  await until(async () => (await incident.describe()).status.name === 'COMPLETED');
  expect((await world.tracesOf(incident.incidentId)).incident.occurrences).toBe(accepted);
});

it('counts a report once that is sent again when its incident is settled, and opens no other for it', async () => {
  const report = { ...unhealthy('app-again'), reportId: 'sent twice' };
  const incident = await whileHealLogsAreLocked(async () => {
    const opened = await world.open(report);
    await until(async () => (await opened.query<HealStatus>('status')).verdict !== null);
    await longAfterTheEnd();
    expect(await world.open(report)).toMatchObject({ incidentId: opened.incidentId });
    return opened;
  });
  expect(await world.resultOf(incident)).toMatchObject({ incidentId: incident.incidentId, occurrences: 1 });
  expect(await world.rows("SELECT occurrences FROM incidents WHERE target = 'app-again'")).toEqual([
    { occurrences: 1 },
  ]);
});
