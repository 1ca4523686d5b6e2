import { expect, it } from 'vitest';
import { DeliveryProblem } from '../../client/delivery-problem.ts';
import { IncidentLine, type IncidentCalls } from '../../client/incident-line.ts';
import type { Report } from '../../domain/report.ts';

const report = (reportId: string, message = 'x'): Report => ({ source: 'api', error: { message }, reportId });
const ids = (reports: Report[]): (string | undefined)[] => reports.map(({ reportId }) => reportId);
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
  const delivered = await Promise.all(['a', 'b', 'c'].map((id) => line.deliver(report(id), to)));
  expect(calls).toEqual(['open a', 'join run-1 b,c']);
  expect(delivered.map(({ joined, incidentId }) => [joined, incidentId])).toEqual([
    [false, 'run-1'],
    [true, 'run-1'],
    [true, 'run-1'],
  ]);
  expect(line.isIdle).toBe(true);
  await line.deliver(report('d'), to);
  expect(calls.at(-1)).toBe('join run-1 d');
});

it('opens anew where the run has closed, and loses nobody', async () => {
  let open = false;
  const { calls, to } = server({ open: () => (open = true), join: () => open });
  const line = new IncidentLine('heal/x');
  await line.deliver(report('a'), to);
  open = false;
  const delivered = await Promise.all(['b', 'c'].map((id) => line.deliver(report(id), to)));
  expect(calls).toEqual(['open a', 'join run-1 b,c', 'open b', 'join run-2 c']);
  expect(delivered.map(({ runId }) => runId)).toEqual(['run-2', 'run-2']);
});

it('fails for all who wait when Temporal is away, and tries again for the next', async () => {
  let isAway = true;
  const { calls, to } = server({
    open: () => {
      if (isAway) throw away();
    },
  });
  const line = new IncidentLine('heal/x');
  const failed = await Promise.allSettled(['a', 'b', 'c'].map((id) => line.deliver(report(id), to)));
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(calls).toEqual(['open a']);
  isAway = false;
  expect((await line.deliver(report('d'), to)).runId).toBe('run-1');
});

it('sends them singly when they are refused together, so that only the one that is refused fails', async () => {
  const { calls, to } = server({
    join: (reports) => {
      if (ids(reports).includes('bad')) throw refused();
    },
  });
  const line = new IncidentLine('heal/x');
  const all = ['a', 'b', 'bad', 'c'].map((id) => line.deliver(report(id), to));
  const ends = await Promise.allSettled(all);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(calls.slice(0, 4)).toEqual(['open a', 'join run-1 b,bad,c', 'join run-1 b', 'join run-1 bad']);
  await Promise.all(['e', 'f', 'g'].map((id) => line.deliver(report(id), to)));
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
  await Promise.all(Array.from({ length: 10 }, (_, at) => line.deliver(report(`l${at}`, long), to)));
  await Promise.all(Array.from({ length: 500 }, (_, at) => line.deliver(report(`s${at}`), to)));
  expect(Math.max(...sizes)).toBe(200);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(509);
});
