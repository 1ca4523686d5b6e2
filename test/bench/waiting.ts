import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { deliverReport } from '../../client/delivery/deliver-report.ts';
import type { BenchWorld } from './bench-world.ts';
import { waitingReport } from './duplicates.ts';
import { inParallel, median, quantile, round } from './measure.ts';
import type { Figure } from './report.ts';

const ms = (time: unknown): number => {
  const { seconds, nanos } = time as { seconds: unknown; nanos?: number | null };
  return Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6;
};

/** Shorter timers are not waits: they bound how long something else may take. */
const shortestWaitMs = 5000;

/** How much longer the wait took than planned, until a worker went on: both are in the run's history. */
async function latenessMs(world: BenchWorld, workflowId: string): Promise<number> {
  const { events } = await world.client.workflow.getHandle(workflowId).fetchHistory();
  const waits = new Map(
    (events ?? []).flatMap(({ eventId, eventTime, timerStartedEventAttributes: started }) => {
      const plannedMs = started == null ? 0 : ms(started.startToFireTimeout);
      return plannedMs < shortestWaitMs ? [] : [[String(eventId), ms(eventTime) + plannedMs] as const];
    }),
  );
  const fired = events?.find(({ timerFiredEventAttributes: fire }) =>
    waits.has(String(fire?.startedEventId)),
  );
  const wake = events?.find(
    ({ eventId, workflowTaskStartedEventAttributes: task }) =>
      task != null && fired !== undefined && Number(eventId) > Number(fired.eventId),
  );
  const due = waits.get(String(fired?.timerFiredEventAttributes?.startedEventId));
  if (due === undefined || wake === undefined) throw new Error(`${workflowId} never woke`);
  return ms(wake.eventTime) - due;
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/**
 * Many incidents that wait on durable timers: what they cost the worker in memory, and how late they wake. They
 * begin to wait one after another, `perSecond` of them, so they don't all wake at once; and all wait at once.
 */
export async function benchWaiting(
  world: BenchWorld,
  { count, waitSec, perSecond }: { count: number; waitSec: number; perSecond: number },
  log: (line: string) => void,
): Promise<Figure[]> {
  await world.sql(
    `UPDATE playbooks SET action_params = action_params || jsonb_build_object('backoffSec', $1::int, 'maxBackoffSec', $1::int)
     WHERE name = 'rate-limited'`,
    [waitSec],
  );
  const pid = world.worker.pid;
  // The cache of runs is full at any busy worker: it belongs to what the worker has before.
  const warm = Math.min(200, count);
  const begun = new Date().toISOString();
  const ids: string[] = [];
  const begunMs = Date.now();
  let opened = 0;
  const open = async (): Promise<void> => {
    // The first ones come at once, to fill the cache.
    const atMs = begunMs + ((opened++ - warm) * 1000) / perSecond;
    if (atMs > Date.now()) await sleep(atMs - Date.now());
    const { workflowId } = await deliverReport({ ...world.context, report: waitingReport() });
    ids.push(workflowId);
  };
  await inParallel(warm, 20, open);
  await untilAllWait(world, begun, ids.length);
  const beforeMb = await residentMb(pid);
  let peakMb = beforeMb;
  const watch = setInterval(() => {
    void residentMb(pid).then((mb) => (peakMb = Math.max(peakMb, mb)));
  }, 500);
  await inParallel(count - warm, 20, open);
  await untilAllWait(world, begun, count);
  const waitingMb = await residentMb(pid);
  log(
    `${count} incidents wait; the worker has ${round(waitingMb, 0)} MB, ${round(beforeMb, 0)} MB with ${warm}`,
  );
  for (;;) {
    const [row] = await world.sql<{ open: number }>(
      `SELECT count(*)::int AS open FROM incidents
       WHERE error_type = 'RATE_LIMITED' AND status = 'waiting' AND first_seen_at >= $1`,
      [begun],
    );
    if (row?.open === 0) break;
    await sleep(1000);
  }
  await inParallel(ids.length, 8, async (at) => void (await world.result(ids[at] ?? '')));
  clearInterval(watch);
  const late: number[] = [];
  await inParallel(ids.length, 8, async (at) => void late.push(await latenessMs(world, ids[at] ?? '')));
  log(`all woke; the latest ${round(quantile(late, 1) / 1000, 2)} s late`);
  return [
    { name: 'waitingIncidents', what: 'incidents that waited on timers at once', value: count, unit: '' },
    {
      ...{
        name: 'waitingGrowthMb',
        what: `worker memory, ${count} waiting beside ${warm}`,
        unit: 'MB',
        goal: 100,
      },
      value: round(waitingMb - beforeMb, 0),
    },
    {
      name: 'waitingPeakMb',
      what: 'worker memory at its most, waking included',
      value: round(peakMb, 0),
      unit: 'MB',
    },
    { name: 'lateP50Ms', what: 'late by, median', value: round(median(late), 0), unit: 'ms' },
    { name: 'lateP99Ms', what: 'late by, p99', value: round(quantile(late, 0.99), 0), unit: 'ms' },
    {
      ...{ name: 'latestMs', what: 'late by, the latest of all', unit: 'ms', goal: 5000 },
      value: round(quantile(late, 1), 0),
    },
  ];
}

async function untilAllWait(world: BenchWorld, begun: string, count: number): Promise<void> {
  for (;;) {
    const [row] = await world.sql<{ seen: number }>(
      `SELECT count(*)::int AS seen FROM incidents
       WHERE error_type = 'RATE_LIMITED' AND status IN ('waiting', 'resolved') AND first_seen_at >= $1`,
      [begun],
    );
    if ((row?.seen ?? 0) >= count) return;
    await sleep(500);
  }
}
