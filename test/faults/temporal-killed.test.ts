import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAutoHeal } from '../../client/index.ts';
import type { Report } from '../../domain/report/report.ts';
import { readPlaybooks, shippedPlaybooks } from '../../settings/read-playbooks.ts';
import { statusQuery } from '../../workflows/messages.ts';
import { quickPlaybooks, wideLimits } from '../chaos/site/quick-playbooks.ts';
import { openSite, type Site } from '../chaos/site/site.ts';
import { breakContainer, exited, heal, restartsOf, resultOf, send, until, unresolved } from './reports.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite({ prepare: quickPlaybooks, lab: { estate: { limits: wideLimits } } });
});
afterAll(() => site?.close());

async function temporalDies(): Promise<void> {
  await site.temporal.kill();
  await site.temporal.start();
}

const messagesAbout = (incidentId: string) =>
  site.botApi.messages().filter(({ text }) => text.includes(incidentId));

it('goes on with waits, leases and restarts after the server was killed in the middle of them', async () => {
  const name = 'svc-through-the-night';
  const waiting = unresolved(name);
  await site.rows(`UPDATE playbooks SET max_retries = 20 WHERE name = 'dns-fail'`);
  await breakContainer(site.lab, 'momo-web');
  const aRestart = /'docker' 'restart'/;
  site.lab.delayNext({ matching: aRestart, ms: 3000, when: 'after' });
  const arrived = site.lab.runs.next((run) => run.kind === 'command' && aRestart.test(run.commandLine));
  const waits = await send(site, waiting);
  const restarts = await send(site, exited('momo-web'));
  const second = await send(
    site,
    exited('momo-web', { error: { message: 'container momo-web exited, too' } }),
  );
  await arrived;
  await temporalDies();
  const statusOf = async ({ workflowId, runId }: typeof waits) =>
    (await site.client.workflow.getHandle(workflowId, runId).query(statusQuery)).status;
  expect(await statusOf(waits)).toBe('waiting');

  expect(await resultOf(site, restarts)).toMatchObject({ status: 'resolved', attempts: 1 });
  // It waited for the lease, and found the container well.
  expect(await resultOf(site, second)).toMatchObject({ status: 'resolved' });
  expect(restartsOf(site.lab, 'momo-web')).toBe(1);
  site.lab.names.set(name, '10.0.0.9');
  const result = await resultOf(site, waits);
  expect(result.status).toBe('resolved');
  for (const { runId } of [waits, restarts, second])
    expect(messagesAbout(runId).length).toBeLessThanOrEqual(2);
  const [counts] = await site.rows<{ logs: number; distinct: number }>(
    'SELECT count(*)::int AS logs, count(DISTINCT (incident_id, attempt, result))::int AS "distinct" FROM heal_logs',
  );
  expect(counts?.logs).toBe(counts?.distinct);
});

it('keeps a cooldown through it', async () => {
  await site.rows(`UPDATE playbooks SET cooldown_min = 10 WHERE name = 'cert-expired'`);
  const told = (words: string): Report => ({
    source: 'cli',
    target: 'momo-web',
    error: { message: `certificate has expired: ${words}` },
  });
  expect(await heal(site, told('first'))).toMatchObject({ status: 'alerted' });
  await temporalDies();
  await until('the server takes reports again', async () => {
    const again = await heal(site, told('second')).catch(() => null);
    return again?.status === 'suppressed';
  });
});

it('gets the reports that callers kept while it was away, each once', async () => {
  const caller = createAutoHeal({
    address: site.temporal.address,
    taskQueue: site.taskQueue,
    home: join(site.home, 'caller'),
    estate: site.lab.estate,
    rules: readPlaybooks([shippedPlaybooks]).rules,
    log: () => undefined,
  });
  try {
    await site.temporal.kill();
    const words = ['first', 'second', 'third'];
    for (const word of words) {
      const failure = new Error(`certificate has expired: kept ${word}`);
      expect(await caller.handleException(failure, { reportId: word }, { timeoutMs: 500 })).toMatchObject({
        delivered: false,
        spooled: true,
      });
    }
    await site.temporal.start();
    await until('they are delivered', async () => (await caller.drainSpool()).left === 0);
    const kept = `SELECT message, occurrences FROM incidents WHERE message LIKE '%kept%' ORDER BY message`;
    await until('they are recorded', async () => (await site.rows(kept)).length === words.length);
    expect(await site.rows(kept)).toEqual(
      words.map((word) => ({ message: `certificate has expired: kept ${word}`, occurrences: 1 })),
    );
  } finally {
    await caller.close();
  }
});
