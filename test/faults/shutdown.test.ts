import { afterAll, beforeAll, expect, it } from 'vitest';
import { quickPlaybooks, wideLimits } from '../chaos/site/quick-playbooks.ts';
import { openSite, type Site } from '../chaos/site/site.ts';
import { breakContainer, exited, restartsOf, resultOf, send } from './reports.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite({ prepare: quickPlaybooks, lab: { estate: { limits: wideLimits } } });
});
afterAll(() => site?.close());

const aRestart = /'docker' 'restart'/;

/** Sends a report about a container that is down, and waits until its restart has arrived at the host. */
async function restartUnderWay(container: string, takesMs: number) {
  await breakContainer(site.lab, container);
  site.lab.delayNext({ matching: aRestart, ms: takesMs, when: 'after' });
  const arrived = site.lab.runs.next((run) => run.kind === 'command' && aRestart.test(run.commandLine));
  const sent = await send(site, exited(container));
  await arrived;
  return sent;
}

it('lets a running remote command end when it is asked to stop, and says so', async () => {
  const [worker] = site.workers;
  if (worker === undefined) throw new Error('no worker runs');
  const sent = await restartUnderWay('momo-web', 3000);
  worker.signal('SIGTERM');
  expect(await worker.ended).toEqual({ code: 0, signal: null });
  expect(worker.log()).toMatch(/SIGTERM: stopping\. Finishing running remote commands/);
  expect(worker.log()).toContain('Worker stopped; nothing is lost');
  const finished = site.lab.runs.all().filter((run) => run.kind === 'finished');
  expect(finished.length).toBeGreaterThan(0);
  await site.startWorker();
  expect(await resultOf(site, sent)).toMatchObject({ status: 'resolved', attempts: 1 });
  expect(restartsOf(site.lab, 'momo-web')).toBe(1);
});

it('stops at once when it is asked twice, and settles what was under way at the next start', async () => {
  const [worker] = site.workers;
  if (worker === undefined) throw new Error('no worker runs');
  const sent = await restartUnderWay('momo-worker', 8000);
  worker.signal('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 500));
  worker.signal('SIGTERM');
  expect(await worker.ended).toEqual({ code: 1, signal: null });
  expect(worker.log()).toMatch(/SIGTERM again: stopping now\. What was under way is settled by looking/);
  await site.startWorker();
  expect(await resultOf(site, sent)).toMatchObject({ status: 'resolved', attempts: 1 });
  expect(restartsOf(site.lab, 'momo-worker')).toBe(1);
});
