import { randomUUID } from 'node:crypto';
import { deliverReport, incidentWorkflowId } from '../../client/delivery/deliver-report.ts';
import type { Report } from '../../domain/report/report.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import type { BenchWorld } from './bench-world.ts';
import { median, round, timed } from './measure.ts';
import type { Figure } from './report.ts';

const letters = (text: string): string => text.replaceAll(/[^a-z]/g, '');

/** A failure that is waited for without a probe, so that its incident stays open; each with a fingerprint of its own. */
export const waitingReport = (): Report => {
  // Numbers and hexadecimal ids don't count in a fingerprint, letters do.
  const name = letters(Buffer.from(randomUUID()).toString('base64').toLowerCase());
  return {
    source: 'api',
    task: name,
    error: { type: 'RateLimitError', message: `429 too many requests: ${name}` },
  };
};

/** Opens an incident and returns when it waits. */
export async function openWaiting(world: BenchWorld): Promise<{ report: Report; workflowId: string }> {
  const report = waitingReport();
  const { workflowId } = await deliverReport({ ...world.context, report });
  for (;;) {
    const { status } = await world.client.workflow.getHandle(workflowId).query<HealStatus>('status');
    if (status === 'waiting') return { report, workflowId };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function untilCounted(world: BenchWorld, workflowId: string, count: number): Promise<void> {
  for (;;) {
    const { occurrences } = await world.client.workflow.getHandle(workflowId).query<HealStatus>('status');
    if (occurrences === count) return;
    if (occurrences > count) throw new Error(`${workflowId} counts ${occurrences} instead of ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const ways = ['reports', 'foreign', 'signals'] as const;

/**
 * The same failure reported `count` times at once, as our callers report it (classified, redacted, together where
 * they come together) and as foreign programs do (one signalWithStart each), beside as many bare signals to a run that
 * is open. Each until the run has counted them all, exactly.
 */
export async function benchDuplicates(
  world: BenchWorld,
  count: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const took = { reports: [] as number[], foreign: [] as number[], signals: [] as number[] };
  const { client, taskQueue } = world.context;
  const numbered = (report: Report): Report => ({ ...report, reportId: randomUUID() });
  for (let at = 0; at < 4; at++) {
    const [first, second, third] = [waitingReport(), waitingReport(), await openWaiting(world)];
    const ids = {
      reports: incidentWorkflowId(first, world.context),
      foreign: incidentWorkflowId(second, world.context),
      signals: third.workflowId,
    };
    const send: Record<(typeof ways)[number], () => Promise<unknown>> = {
      reports: () => deliverReport({ ...world.context, report: first }),
      foreign: () => {
        const report = numbered(second);
        const start = { workflowId: ids.foreign, taskQueue, args: [report] };
        return client.workflow.signalWithStart('HealWorkflow', {
          ...start,
          ...{ signal: 'report', signalArgs: [report] },
        });
      },
      signals: () => client.workflow.getHandle(ids.signals).signal('report', numbered(third.report)),
    };
    // Each way is first, second and third in turn.
    for (const way of [...ways.slice(at % 3), ...ways.slice(0, at % 3)]) {
      const { ms } = await timed(async () => {
        await Promise.all(Array.from({ length: count }, send[way]));
        await untilCounted(world, ids[way], way === 'signals' ? count + 1 : count);
      });
      if (at > 0) took[way].push(ms);
      await client.workflow.getHandle(ids[way]).terminate();
    }
    if (at > 0) {
      const last = ways.map((way) => `${way} ${round(took[way].at(-1) ?? 0, 0)} ms`);
      log(`${count} duplicates: ${last.join(', ')}`);
    }
  }
  const beside = (way: 'reports' | 'foreign') => round(median(took[way]) / median(took.signals), 2);
  return [
    {
      name: 'duplicatesMs',
      what: `${count} reports of one failure at once, counted exactly`,
      value: round(median(took.reports), 0),
      unit: 'ms',
    },
    {
      name: 'foreignDuplicatesMs',
      what: `${count} of them by signalWithStart`,
      value: round(median(took.foreign), 0),
      unit: 'ms',
    },
    {
      name: 'bareSignalsMs',
      what: `${count} bare signals to one open run, counted exactly`,
      value: round(median(took.signals), 0),
      unit: 'ms',
    },
    {
      ...{ name: 'duplicatesRatio', what: 'duplicates, beside bare signals', unit: '×', goal: 1.3 },
      value: beside('reports'),
    },
    {
      ...{
        name: 'foreignRatio',
        what: 'duplicates by signalWithStart, beside bare signals',
        unit: '×',
        goal: 1.3,
      },
      value: beside('foreign'),
    },
  ];
}
