import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
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

/** Until the incident's last run has ended: asked of the run itself, as listings come later than what they list. */
const over = (report: Report): Promise<void> =>
  until('it is over', async () => {
    const { status } = await world.client.workflow.getHandle(incidentOf(world, report)).describe();
    return status.name !== 'RUNNING';
  });

/** A failure that no earlier try of a test has reported: its fingerprint is its own. */
const failure = (target: string): Report => {
  const word = randomUUID().replace(/[^a-f]/g, '');
  return exited(target, { error: { message: `container ${target} exited with code 1: ${word}` } });
};

const counted = (incidents: CountedIncident[]): number =>
  incidents.reduce((sum, { occurrences }) => sum + occurrences, 0);

const messagesAbout = (id: string) => world.botApi.messages().filter(({ text }) => text.includes(id));

it('makes one incident, one restart and one message of a thousand reports at once', async () => {
  const before = restartsOf(world.lab, 'momo-web');
  await breakContainer(world.lab, 'momo-web');
  const report = failure('momo-web');
  await Promise.all(Array.from({ length: 1000 }, () => send(world, report)));
  await over(report);
  const incidents = await incidentsOf(report);
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({ status: 'resolved', occurrences: 1000 });
  expect(restartsOf(world.lab, 'momo-web') - before).toBe(1);
  expect(messagesAbout(incidents[0]?.id ?? '')).toHaveLength(1);
});

it('counts a thousand senders without report ids exactly, when each starts and signals in one call', async () => {
  const before = restartsOf(world.lab, 'momo-worker');
  await breakContainer(world.lab, 'momo-worker');
  const report = failure('momo-worker');
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
  await over(report);
  const incidents = await incidentsOf(report);
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({ status: 'resolved', occurrences: 1000 });
  expect(restartsOf(world.lab, 'momo-worker') - before).toBe(1);
});

it('makes one incident of reports from foreign programs that start workflows under ids of their own', async () => {
  const before = restartsOf(world.lab, 'momo-scheduler');
  await breakContainer(world.lab, 'momo-scheduler');
  const report = failure('momo-scheduler');
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
  expect(restartsOf(world.lab, 'momo-scheduler') - before).toBe(1);
  const known = new Set(incidents.map(({ id }) => id));
  expect(results.every(({ incidentId }) => known.has(incidentId))).toBe(true);
  for (const { id } of incidents) expect(messagesAbout(id).length).toBe(1);
});

it('loses no report that comes while its incident is just closing', async () => {
  const word = randomUUID().replace(/[^a-f]/g, '');
  const report: Report = { source: 'cli', error: { message: `certificate has expired: ${word}` } };
  let sent = 0;
  for (let round = 0; round < 25; round++) {
    const { workflowId, runId } = await send(world, report);
    sent += 1;
    const ended = world.client.workflow.getHandle(workflowId, runId).result();
    // From the first moments of the run, over its closing, to after it.
    for (let at = 0; at < 6; at++) {
      await new Promise((resolve) => setTimeout(resolve, (round * 7) % 40));
      await send(world, report);
      sent += 1;
    }
    await ended;
  }
  await over(report);
  expect(counted(await incidentsOf(report))).toBe(sent);
});
