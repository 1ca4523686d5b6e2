import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signalsOfOneRun } from '../../workflows/heal/continue-as-new.ts';
import { quickPlaybooks, wideLimits } from '../chaos/site/quick-playbooks.ts';
import { openSite, type Site } from '../chaos/site/site.ts';
import { breakContainer, exited, send, until, unresolved } from '../faults/reports.ts';
import { isStored, store } from './store.ts';

/** Lets heals live through each kind of fault once, and stores their histories where none is stored yet. */

const aRestart = /'docker' 'restart'/;
let site: Site;
beforeAll(async () => {
  site = await openSite({ prepare: quickPlaybooks, lab: { estate: { limits: wideLimits } } });
});
afterAll(() => site?.close());

type Sent = Awaited<ReturnType<typeof send>>;

async function endOf(name: string, { workflowId, runId }: Sent): Promise<void> {
  const handle = site.client.workflow.getHandle(workflowId, runId, { followRuns: false });
  await handle.result().catch(() => undefined);
  await store(name, handle);
  expect(isStored(name)).toBe(true);
}

/** A container is down, and its restart has arrived at the host, which takes its time. */
async function restartUnderWay(target: string, words: string, when: 'before' | 'after'): Promise<Sent> {
  await breakContainer(site.lab, target);
  site.lab.delayNext({ matching: aRestart, ms: 3000, when });
  const arrived = site.lab.runs.next((run) => run.kind === 'command' && aRestart.test(run.commandLine));
  const sent = await send(
    site,
    exited(target, { error: { message: `container ${target} exited ${words}` } }),
  );
  await arrived;
  return sent;
}

async function workerDies(): Promise<void> {
  await Promise.all(site.workers.map((worker) => worker.kill()));
  await site.startWorker();
}

it('a worker killed before the command has run', async () => {
  const sent = await restartUnderWay('momo-web', 'before', 'before');
  await workerDies();
  await endOf('fault-worker-killed-before-the-command-ran', sent);
});

it('a worker killed after the command has run', async () => {
  const sent = await restartUnderWay('momo-worker', 'after', 'after');
  await sleep(500);
  await workerDies();
  await endOf('fault-worker-killed-after-the-command-ran', sent);
});

it('a connection cut after the command was sent', async () => {
  const sent = await restartUnderWay('momo-scheduler', 'cut', 'after');
  site.lab.cutConnections();
  await endOf('fault-connection-cut', sent);
});

it('a host that can’t be reached for longer than a workflow task lasts', async () => {
  await breakContainer(site.lab, 'momo-web');
  site.lab.freeze('bastion', true);
  site.lab.cutConnections();
  const sent = await send(
    site,
    exited('momo-web', { error: { message: 'container momo-web exited unseen' } }),
  );
  await sleep(12_000);
  site.lab.freeze('bastion', false);
  await endOf('fault-host-out-of-reach', sent);
});

it('a database that is away, and loses answers when it is back', async () => {
  await breakContainer(site.lab, 'momo-worker');
  site.proxy.refuse(true);
  const sent = await send(
    site,
    exited('momo-worker', { error: { message: 'container momo-worker exited unrecorded' } }),
  );
  await until('it is restarted', () => site.lab.container('momo-worker').view().health === 'healthy');
  site.proxy.dropAnswersTo('INSERT INTO', 3);
  site.proxy.refuse(false);
  await endOf('fault-database-away', sent);
});

it('a record that the database refuses for good', async () => {
  await site.rows(
    `ALTER TABLE heal_logs ADD CONSTRAINT never_that CHECK (action_type <> 'ALERT_ONLY') NOT VALID`,
  );
  const sent = await send(site, {
    source: 'cli',
    error: { message: 'certificate has expired, says nobody' },
  });
  await endOf('fault-record-refused', sent);
  await site.rows('ALTER TABLE heal_logs DROP CONSTRAINT never_that');
});

it('Telegram out of order', async () => {
  site.botApi.failNext({ status: 500, times: 3 });
  await endOf(
    'fault-telegram-away',
    await send(site, { source: 'cli', error: { message: 'certificate has expired, and who will know' } }),
  );
});

it('a Temporal server killed in the middle', async () => {
  const sent = await restartUnderWay('momo-scheduler', 'through it', 'after');
  await site.temporal.kill();
  await site.temporal.start();
  await endOf('fault-temporal-killed', sent);
});

it('a wait that goes on as a new run', async () => {
  await site.rows(`UPDATE playbooks SET action_params = action_params || '{"backoffSec": 300, "maxBackoffSec": 300}'
    WHERE name = 'dns-fail'`);
  const name = 'svc-of-the-long-wait';
  const report = unresolved(name);
  const first = await send(site, report);
  for (let sent = 0; sent < signalsOfOneRun; sent += 250) {
    await Promise.all(Array.from({ length: 250 }, () => send(site, report)));
  }
  const handle = site.client.workflow.getHandle(first.workflowId);
  await until('it goes on as a new run', async () => (await handle.describe()).runId !== first.runId);
  const second = { workflowId: first.workflowId, runId: (await handle.describe()).runId };
  await handle.signal('causeGone', { by: 'the monitoring', detail: 'the name is back' });
  await endOf('carried-wait', second);
});
