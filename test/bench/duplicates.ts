import { randomUUID } from 'node:crypto';
import { deliverReport, incidentWorkflowId } from '../../client/deliver.ts';
import type { Report } from '../../domain/report.ts';
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

/**
 * The same failure reported `count` times at once, as callers report it (classified, redacted, one signalWithStart
 * each), beside as many bare signals to a run that is open. Both until the run has counted them all, exactly.
 */
export async function benchDuplicates(
  world: BenchWorld,
  count: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const duplicates: number[] = [];
  const bare: number[] = [];
  for (let at = 0; at < 4; at++) {
    const reported = waitingReport();
    const reportedId = incidentWorkflowId(reported, world.context);
    const one = async (): Promise<void> => {
      const all = Array.from({ length: count }, () => deliverReport({ ...world.context, report: reported }));
      await Promise.all(all);
      await untilCounted(world, reportedId, count);
    };
    const open = await openWaiting(world);
    const other = async (): Promise<void> => {
      const handle = world.client.workflow.getHandle(open.workflowId);
      const signal = () => handle.signal('report', { ...open.report, reportId: randomUUID() });
      await Promise.all(Array.from({ length: count }, signal));
      await untilCounted(world, open.workflowId, count + 1);
    };
    const first = await timed(at % 2 === 0 ? one : other);
    const second = await timed(at % 2 === 0 ? other : one);
    const [reports, signals] = at % 2 === 0 ? [first, second] : [second, first];
    await Promise.all(
      [reportedId, open.workflowId].map((id) => world.client.workflow.getHandle(id).terminate()),
    );
    log(
      `${count} duplicates ${round(reports.ms, 0)} ms, bare signals ${round(signals.ms, 0)} ms${at === 0 ? ' (warm-up)' : ''}`,
    );
    if (at === 0) continue;
    duplicates.push(reports.ms);
    bare.push(signals.ms);
  }
  return [
    {
      name: 'duplicatesMs',
      what: `${count} reports of one failure at once, counted exactly`,
      value: round(median(duplicates), 0),
      unit: 'ms',
    },
    {
      name: 'bareSignalsMs',
      what: `${count} bare signals to one open run, counted exactly`,
      value: round(median(bare), 0),
      unit: 'ms',
    },
    {
      ...{ name: 'duplicatesRatio', what: 'duplicates, beside bare signals', unit: '×', goal: 1.3 },
      value: round(median(duplicates) / median(bare), 2),
    },
  ];
}
