import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../domain/report.ts';
import type { HealResult } from '../../domain/verdict.ts';
import { reportSignal } from '../../workflows/messages.ts';
import { quickPlaybooks, wideLimits } from '../chaos/site/quick-playbooks.ts';
import { openWorld, type World } from '../support/world.ts';
import { breakContainer, exited, incidentOf, restartsOf, send, until } from './reports.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ lab: { estate: { limits: wideLimits } } });
  for (const sql of quickPlaybooks) await world.rows(sql);
});
afterAll(() => world?.close());

interface CountedIncident {
  id: string;
  status: string;
  occurrences: number;
}

const incidentsOf = (report: Report): Promise<CountedIncident[]> =>
  world.rows('SELECT id, status, occurrences FROM incidents WHERE fingerprint = $1', [
    incidentOf(world, report).replace('heal/', ''),
  ]);

const open = async (): Promise<number> => {
  const query = `WorkflowType = 'HealWorkflow' AND ExecutionStatus = 'Running'`;
  return (await world.client.workflow.count(query)).count;
};

const counted = (incidents: CountedIncident[]): number =>
  incidents.reduce((sum, { occurrences }) => sum + occurrences, 0);

const messagesAbout = (id: string) => world.botApi.messages().filter(({ text }) => text.includes(id));

it('makes one incident, one restart and one message of a thousand reports at once', async () => {
  await breakContainer(world.lab, 'momo-web');
  const report = exited('momo-web');
  await Promise.all(Array.from({ length: 1000 }, () => send(world, report)));
  await until('it is over', async () => (await open()) === 0);
  const incidents = await incidentsOf(report);
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({ status: 'resolved', occurrences: 1000 });
  expect(restartsOf(world.lab, 'momo-web')).toBe(1);
  expect(messagesAbout(incidents[0]?.id ?? '')).toHaveLength(1);
});

it('counts a thousand senders without report ids exactly, when each starts and signals in one call', async () => {
  await breakContainer(world.lab, 'momo-worker');
  const report = exited('momo-worker');
  const workflowId = incidentOf(world, report);
  await Promise.all(
    Array.from({ length: 1000 }, () =>
      world.client.workflow.signalWithStart('HealWorkflow', {
        workflowId,
        taskQueue: world.taskQueue,
        args: [report],
        signal: reportSignal,
        signalArgs: [report],
      }),
    ),
  );
  await until('it is over', async () => (await open()) === 0);
  const incidents = await incidentsOf(report);
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({ status: 'resolved', occurrences: 1000 });
  expect(restartsOf(world.lab, 'momo-worker')).toBe(1);
});

it('makes one incident of reports from foreign programs that start workflows under ids of their own', async () => {
  await breakContainer(world.lab, 'momo-scheduler');
  const report = exited('momo-scheduler');
  const results = await Promise.all(
    Array.from({ length: 100 }, () =>
      world.client.workflow.execute<(report: Report) => Promise<HealResult>>('HealWorkflow', {
        workflowId: `foreign-${randomUUID()}`,
        taskQueue: world.taskQueue,
        args: [report],
      }),
    ),
  );
  const incidents = await incidentsOf(report);
  expect(counted(incidents)).toBe(100);
  expect(restartsOf(world.lab, 'momo-scheduler')).toBe(1);
  const known = new Set(incidents.map(({ id }) => id));
  expect(results.every(({ incidentId }) => known.has(incidentId))).toBe(true);
  for (const { id } of incidents) expect(messagesAbout(id).length).toBe(1);
});

it('loses no report that comes while its incident is just closing', async () => {
  const report: Report = { source: 'cli', error: { message: 'certificate has expired: at closing time' } };
  let sent = 0;
  for (let round = 0; round < 25; round++) {
    const { workflowId, runId } = await send(world, report);
    sent += 1;
    const over = world.client.workflow.getHandle(workflowId, runId).result();
    // From the first moments of the run, over its closing, to after it.
    for (let at = 0; at < 6; at++) {
      await new Promise((resolve) => setTimeout(resolve, (round * 7) % 40));
      await send(world, report);
      sent += 1;
    }
    await over;
  }
  await until('it is over', async () => (await open()) === 0);
  expect(counted(await incidentsOf(report))).toBe(sent);
});
