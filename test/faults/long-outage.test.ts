import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import { statusQuery } from '../../workflows/messages.ts';
import { quickPlaybooks } from '../chaos/site/quick-playbooks.ts';
import { startPostgresProxy, type PostgresProxy } from '../chaos/site/postgres-proxy.ts';
import { openRows } from '../chaos/site/rows.ts';
import { testDatabase } from '../support/shared-postgres.ts';
import { openWorld, type World } from '../support/world.ts';
import { heal, incidentOf, send, until } from './reports.ts';

let proxy: PostgresProxy;
let database: ReturnType<typeof openRows>;
let world: World;
beforeAll(async () => {
  const databaseUrl = await testDatabase();
  database = openRows(databaseUrl);
  for (const sql of quickPlaybooks) await database.rows(sql);
  proxy = await startPostgresProxy(databaseUrl);
  world = await openWorld({ databaseUrl: proxy.via(databaseUrl) });
});
afterAll(async () => {
  await world?.close();
  await proxy?.close();
  await database?.close();
});

it('owes the records of an outage in which one failure comes back again and again, and writes them all', async () => {
  const report: Report = { source: 'cli', error: { message: 'certificate has expired: every night' } };
  await heal(world, report);
  proxy.refuse(true);
  const workflowId = incidentOf(world, report);
  const handle = world.client.workflow.getHandle(workflowId);
  const comesBack = 13;
  for (let night = 0; night < comesBack; night++) {
    const before = night === 0 ? null : (await handle.query(statusQuery)).incidentId;
    await send(world, report);
    await until('it is another incident, and decided', async () => {
      const { incidentId, verdict } = await handle.query(statusQuery);
      return incidentId !== before && verdict !== null;
    });
    // What is reported within two seconds of an incident's end still belongs to it.
    await sleep(2050);
  }
  const relieved = await world.client.workflow.count(`WorkflowType = 'OwedRecordsWorkflow'`);
  expect(relieved.count).toBeGreaterThan(0);
  proxy.refuse(false);
  await until('nothing is owed any more', async () => {
    const owing = `WorkflowType IN ('HealWorkflow', 'OwedRecordsWorkflow') AND ExecutionStatus = 'Running'`;
    return (await world.client.workflow.count(owing)).count === 0;
  });
  const [counts] = await database.rows<object>(`SELECT
    (SELECT count(*)::int FROM incidents WHERE status = 'alerted') AS incidents,
    (SELECT sum(occurrences)::int FROM incidents) AS reports,
    (SELECT count(*)::int FROM heal_logs) AS logs,
    (SELECT count(*)::int FROM ai_insights) AS insights`);
  const all = comesBack + 1;
  expect(counts).toEqual({ incidents: all, reports: all, logs: all, insights: all });
  expect(world.botApi.messages()).toHaveLength(all);
}, 240_000);
