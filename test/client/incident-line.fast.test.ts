import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { DeliveryProblem } from '../../client/delivery/delivery-problem.ts';
import { IncidentLine, type IncidentCalls } from '../../client/delivery/report-batcher.ts';
import type { Report } from '../../domain/report/report.ts';

const report = (reportId: string, message = 'x'): Report => ({ source: 'api', error: { message }, reportId });
const ids = (reports: Report[]): (string | undefined)[] => reports.map(({ reportId }) => reportId);
const soon = (): number => Date.now() + 5000;
const later = () => new Promise((resolve) => setTimeout(resolve, 1));

/** A server that takes reports, and notes each call that it gets. */
function server(answers: { open?: () => void; join?: (reports: Report[]) => boolean | void } = {}) {
  const calls: string[] = [];
  let runs = 0;
  const to: IncidentCalls = {
    async open(first) {
      calls.push(`open ${first.reportId}`);
      await later();
      answers.open?.();
      runs += 1;
      return { workflowId: 'heal/x', runId: `run-${runs}`, incidentId: `run-${runs}`, joined: false };
    },
    async join(runId, reports) {
      calls.push(`join ${runId} ${ids(reports).join(',')}`);
      await later();
      return answers.join?.(reports) ?? true;
    },
  };
  return { calls, to };
}

const away = () => new DeliveryProblem('TEMPORAL_AWAY', 'away');
const refused = () => new DeliveryProblem('REPORT_REFUSED', 'too large');

it('opens the incident with the first report, and takes along at once all that came meanwhile', async () => {
  const { calls, to } = server();
  const line = new IncidentLine('heal/x');
  const delivered = await Promise.all(['a', 'b', 'c'].map((id) => line.deliver(report(id), soon(), to)));
  expect(calls).toEqual(['open a', 'join run-1 b,c']);
  expect(delivered.map(({ joined, incidentId }) => [joined, incidentId])).toEqual([
    [false, 'run-1'],
    [true, 'run-1'],
    [true, 'run-1'],
  ]);
  expect(line.isIdle).toBe(true);
  await line.deliver(report('d'), soon(), to);
  expect(calls.at(-1)).toBe('join run-1 d');
});

it('opens anew where the run has closed, and loses nobody', async () => {
  let open = false;
  const { calls, to } = server({ open: () => (open = true), join: () => open });
  const line = new IncidentLine('heal/x');
  await line.deliver(report('a'), soon(), to);
  await line.whenIdle();
  open = false;
  const delivered = await Promise.all(['b', 'c'].map((id) => line.deliver(report(id), soon(), to)));
  expect(calls).toEqual(['open a', 'join run-1 b', 'open b', 'join run-2 c']);
  expect(delivered.map(({ runId }) => runId)).toEqual(['run-2', 'run-2']);
});

it('fails for whoever was in the call that failed, and tries again for the next', async () => {
  let isAway = true;
  const { calls, to } = server({
    open: () => {
      if (isAway) throw away();
      isAway = true;
    },
  });
  const line = new IncidentLine('heal/x');
  const failed = await Promise.allSettled(['a', 'b'].map((id) => line.deliver(report(id), soon(), to)));
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(calls).toEqual(['open a', 'open b']);
  isAway = false;
  expect((await line.deliver(report('d'), soon(), to)).runId).toBe('run-1');
});

it('lets nobody wait longer than its own time behind a call that hangs', async () => {
  let answer = (): void => undefined;
  const hanging: IncidentCalls = {
    open: () =>
      new Promise((resolve) => {
        answer = () => resolve({ workflowId: 'heal/x', runId: 'r', incidentId: 'r', joined: false });
      }),
    join: () => Promise.resolve(true),
  };
  const line = new IncidentLine('heal/x');
  const patient = line.deliver(report('a'), Date.now() + 60_000, hanging);
  const begunMs = Date.now();
  const hasty = line.deliver(report('b'), Date.now() + 100, hanging);
  await expect(hasty).rejects.toMatchObject({ code: 'TEMPORAL_AWAY' });
  expect(Date.now() - begunMs).toBeLessThan(3000);
  answer();
  expect((await patient).runId).toBe('r');
  await line.whenIdle();
  expect(line.isIdle).toBe(true);
});

it('gives a call the time of whoever came last', async () => {
  const until: number[] = [];
  const { to } = server();
  const line = new IncidentLine('heal/x');
  const noting: IncidentCalls = {
    ...to,
    join: (runId, all, at) => (until.push(at), to.join(runId, all, at)),
  };
  const now = Date.now();
  await Promise.all([3000, 4000, 9000, 5000].map((ms) => line.deliver(report(`${ms}`), now + ms, noting)));
  expect(until).toEqual([now + 9000]);
});

it('sends them singly when they are refused together, so that only the one that is refused fails', async () => {
  const { calls, to } = server({
    join: (reports) => {
      if (ids(reports).includes('bad')) throw refused();
    },
  });
  const line = new IncidentLine('heal/x');
  const all = ['a', 'b', 'bad', 'c'].map((id) => line.deliver(report(id), soon(), to));
  const ends = await Promise.allSettled(all);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(calls.slice(0, 4)).toEqual(['open a', 'join run-1 b,bad,c', 'join run-1 b', 'join run-1 bad']);
  await Promise.all(['e', 'f', 'g'].map((id) => line.deliver(report(id), soon(), to)));
  expect(calls.at(-1)).toBe('join run-1 f,g');
});

it('takes no more in one call than Temporal takes', async () => {
  const sizes: number[] = [];
  const { to } = server({
    join: (reports) => {
      sizes.push(reports.length);
      expect(JSON.stringify(reports).length).toBeLessThan(300_000);
    },
  });
  const line = new IncidentLine('heal/x');
  const long = 'x'.repeat(60_000);
  await Promise.all(Array.from({ length: 10 }, (_, at) => line.deliver(report(`l${at}`, long), soon(), to)));
  await Promise.all(Array.from({ length: 500 }, (_, at) => line.deliver(report(`s${at}`), soon(), to)));
  expect(Math.max(...sizes)).toBe(200);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(509);
});

it('makes each call in the context of the caller whose report it carries first', async () => {
  const trace = new AsyncLocalStorage<string>();
  const { to } = server();
  const seen: string[] = [];
  const traced: IncidentCalls = {
    open: (...args) => (seen.push(`open for ${trace.getStore()}`), to.open(...args)),
    join: (...args) => (seen.push(`join for ${trace.getStore()}`), to.join(...args)),
  };
  const line = new IncidentLine('heal/x');
  await Promise.all(
    ['a', 'b', 'c'].map((id) => trace.run(id, () => line.deliver(report(id), soon(), traced))),
  );
  await trace.run('d', () => line.deliver(report('d'), soon(), traced));
  expect(seen).toEqual(['open for a', 'join for b', 'join for d']);
});
