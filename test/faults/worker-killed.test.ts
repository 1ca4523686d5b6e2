import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quickPlaybooks, wideLimits } from '../chaos/site/quick-playbooks.ts';
import { openSite, type Site } from '../chaos/site/site.ts';
import { breakContainer, exited, restartsOf, resultOf, send } from './reports.ts';

/** As it comes over the wire: every word in quotes. */
const aRestart = /'docker' 'restart'/;

let site: Site;
beforeAll(async () => {
  site = await openSite({ prepare: quickPlaybooks, lab: { estate: { limits: wideLimits } } });
});
afterAll(() => site?.close());

interface LoggedAttempt {
  attempt: number;
  result: string;
  duration_ms: number;
}

const logsOf = (incidentId: string): Promise<LoggedAttempt[]> =>
  site.rows('SELECT attempt, result, duration_ms FROM heal_logs WHERE incident_id = $1 ORDER BY attempt', [
    incidentId,
  ]);

/** Kills every worker, and has another one take over. */
async function workerDies(): Promise<void> {
  await Promise.all(site.workers.map((worker) => worker.kill()));
  await site.startWorker();
}

const messagesAbout = (incidentId: string) =>
  site.botApi.messages().filter(({ text }) => text.includes(incidentId));

it('restarts once when the worker dies before the command is run', async () => {
  const before = restartsOf(site.lab, 'momo-web');
  await breakContainer(site.lab, 'momo-web');
  site.lab.delayNext({ matching: aRestart, ms: 4000, when: 'before' });
  const arrived = site.lab.runs.next((run) => run.kind === 'command' && aRestart.test(run.commandLine));
  const sent = await send(
    site,
    exited('momo-web', { error: { message: 'container momo-web exited (before)' } }),
  );
  await arrived;
  await workerDies();
  const result = await resultOf(site, sent);
  expect(result).toMatchObject({ status: 'resolved', attempts: 1 });
  expect(restartsOf(site.lab, 'momo-web') - before).toBe(1);
  expect(await logsOf(result.incidentId)).toMatchObject([{ attempt: 1, result: 'success' }]);
  expect(messagesAbout(result.incidentId)).toHaveLength(1);
});

it('restarts once when the worker dies after the command has run, before its end is known', async () => {
  const before = restartsOf(site.lab, 'momo-worker');
  await breakContainer(site.lab, 'momo-worker');
  site.lab.delayNext({ matching: aRestart, ms: 4000, when: 'after' });
  const finished = site.lab.runs.next((run) => run.kind === 'finished' && ran(run.commandId));
  const sent = await send(site, exited('momo-worker'));
  await finished;
  await workerDies();
  const result = await resultOf(site, sent);
  expect(result).toMatchObject({ status: 'resolved', attempts: 1 });
  expect(restartsOf(site.lab, 'momo-worker') - before).toBe(1);
  expect(await logsOf(result.incidentId)).toHaveLength(1);
  expect(messagesAbout(result.incidentId)).toHaveLength(1);
});

it('restarts once when the worker dies at whatever moment', async () => {
  const before = restartsOf(site.lab, 'momo-scheduler');
  const results = [];
  for (const [at, pauseMs] of [40, 200, 800].entries()) {
    await breakContainer(site.lab, 'momo-scheduler');
    const message = `container momo-scheduler exited in the night of ${'abc'[at]}`;
    const sent = await send(site, exited('momo-scheduler', { error: { message } }));
    await sleep(pauseMs);
    await workerDies();
    results.push(await resultOf(site, sent));
  }
  // A worker that died before it had sent anything has spent its attempt: the next one restarts.
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'resolved'));
  expect(restartsOf(site.lab, 'momo-scheduler') - before).toBe(results.length);
  for (const { incidentId, attempts } of results) {
    expect(await logsOf(incidentId)).toHaveLength(attempts);
    expect(messagesAbout(incidentId)).toHaveLength(1);
  }
}, 180_000);

it('restarts once when the connection is cut after the command was sent', async () => {
  const before = restartsOf(site.lab, 'momo-web');
  await breakContainer(site.lab, 'momo-web');
  site.lab.delayNext({ matching: aRestart, ms: 1500, when: 'before' });
  const arrived = site.lab.runs.next((run) => run.kind === 'command' && aRestart.test(run.commandLine));
  const sent = await send(
    site,
    exited('momo-web', { error: { message: 'container momo-web exited (cut)' } }),
  );
  await arrived;
  site.lab.cutConnections();
  const result = await resultOf(site, sent);
  expect(result).toMatchObject({ status: 'resolved', attempts: 1 });
  expect(restartsOf(site.lab, 'momo-web') - before).toBe(1);
});

it('restarts once when the command outlives its time', async () => {
  const before = restartsOf(site.lab, 'momo-worker');
  await breakContainer(site.lab, 'momo-worker');
  // `docker restart -t 10` is given 30 s; this one is carried out after 33.
  site.lab.delayNext({ matching: aRestart, ms: 33_000, when: 'before' });
  const sent = await send(
    site,
    exited('momo-worker', { error: { message: 'container momo-worker exited (slow)' } }),
  );
  const result = await resultOf(site, sent);
  expect(result).toMatchObject({ status: 'resolved', attempts: 1 });
  expect(restartsOf(site.lab, 'momo-worker') - before).toBe(1);
  const [log] = await logsOf(result.incidentId);
  expect(log?.duration_ms).toBeGreaterThan(30_000);
});

it('shares the work between two workers without doing any of it twice', async () => {
  await site.startWorker();
  const names = ['momo-web', 'momo-worker', 'momo-scheduler'];
  const before = names.map((name) => restartsOf(site.lab, name));
  await Promise.all(names.map((name) => breakContainer(site.lab, name)));
  const reports = names.flatMap((name) =>
    ['one', 'two', 'three'].map((word) =>
      exited(name, { error: { message: `container ${name} exited, says witness ${word}` } }),
    ),
  );
  const results = await Promise.all(reports.map(async (report) => resultOf(site, await send(site, report))));
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'resolved'));
  // Three incidents a container: the first restarts it, the others find it well and adopt it.
  expect(names.map((name, at) => restartsOf(site.lab, name) - (before[at] ?? 0))).toEqual([1, 1, 1]);
  const rows = await site.rows<{ result: string; many: string }>(
    `SELECT result, count(*) AS many FROM heal_logs WHERE incident_id = ANY($1) GROUP BY result ORDER BY result`,
    [results.map(({ incidentId }) => incidentId)],
  );
  expect(rows).toEqual([
    { result: 'skipped', many: '6' },
    { result: 'success', many: '3' },
  ]);
});

/** Whether a command of the lab was a restart. */
function ran(commandId: number): boolean {
  return site.lab.runs
    .all()
    .some((run) => run.kind === 'command' && run.commandId === commandId && aRestart.test(run.commandLine));
}
