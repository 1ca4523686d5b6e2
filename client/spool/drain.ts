import type { Report } from '../../domain/report/report.ts';
import { deliveryProblem } from '../delivery/delivery-problem.ts';
import { listReports, removeFile, setAside } from './files.ts';
import { lockSpool } from './lock.ts';
import { readSpooled } from './spool.ts';

export interface Drained {
  delivered: number;
  /** Still in the spool. */
  left: number;
  /** Moved to `corrupt/` or `refused/` in the spool: they would never have been delivered. */
  setAside: number;
  /** Another process is at it. */
  busy: boolean;
  /** Why it stopped early, for people. */
  problem: string | null;
}

/**
 * Delivers what was spooled, in order, each once: a report is removed when it was delivered, and its `reportId` makes
 * one that was delivered just before a crash count once. One that can never be delivered is set aside and holds
 * nothing up; Temporal's absence ends it. Never throws.
 * @param options.untilMs stops before the next report after this time
 */
export async function drainSpool(options: {
  dir: string;
  deliver: (report: Report) => Promise<unknown>;
  log?: (line: string) => void;
  untilMs?: number;
}): Promise<Drained> {
  const drained: Drained = { delivered: 0, left: 0, setAside: 0, busy: false, problem: null };
  try {
    if ((await listReports(options.dir)).length === 0) return drained;
    const lock = await lockSpool(options.dir);
    if (lock === null) return { ...drained, busy: true, left: (await listReports(options.dir)).length };
    try {
      await drain(options, drained, () => lock.refresh());
    } finally {
      await lock.release();
    }
  } catch (error) {
    drained.problem ??= `the spool ${options.dir} can't be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  drained.left = (await listReports(options.dir)).length;
  return drained;
}

async function drain(
  options: Parameters<typeof drainSpool>[0],
  drained: Drained,
  refresh: () => Promise<void>,
): Promise<void> {
  const { dir, deliver, log = () => undefined, untilMs = Infinity } = options;
  // Listed under the lock: what was there before may be delivered by now.
  for (const { name } of await listReports(dir)) {
    if (Date.now() >= untilMs) {
      drained.problem = 'the time for it was over';
      return;
    }
    await refresh();
    const report = await readSpooled(dir, name);
    if (report === null) {
      await setAside(dir, name, 'corrupt');
      drained.setAside += 1;
      log(`The spooled report ${name} can't be read; it is in ${dir}/corrupt now.`);
      continue;
    }
    try {
      await deliver(report);
    } catch (error) {
      const problem = deliveryProblem(error);
      if (problem.code !== 'REPORT_REFUSED') {
        drained.problem = problem.message;
        return;
      }
      await setAside(dir, name, 'refused');
      drained.setAside += 1;
      log(`The spooled report ${name} is in ${dir}/refused now. ${problem.message}`);
      continue;
    }
    await removeFile(dir, name);
    drained.delivered += 1;
  }
}
