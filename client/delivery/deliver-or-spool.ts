import { redactShort } from '../../domain/redact/redact.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../../domain/report/report.ts';
import type { HealResult, Verdict } from '../../domain/incident/verdict.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import { deliverReport } from './deliver-report.ts';
import type { DeliveredReport } from './report-batcher.ts';
import { drainSpool, type Drained } from '../spool/drain.ts';
import type { Session } from '../session.ts';
import { keepInSpool, spoolFolder } from '../spool/spool.ts';
import { waitForVerdict } from './wait-for-verdict.ts';

/** How a report fared. Neither delivered nor spooled: it is lost, and `problem` says why. */
export interface HandedOver {
  delivered: boolean;
  /** Kept on disk; it is delivered by the next call, or by a worker that shares the state folder. */
  spooled: boolean;
  workflowId?: string;
  runId?: string;
  incidentId?: string;
  joined?: boolean;
  /** Set when it was waited for and known in time. */
  verdict?: Verdict;
  result?: HealResult;
  /** What went wrong, for people. */
  problem?: string;
}

export interface HandOverOptions {
  /** For delivering, in ms, spooled reports before it included. */
  timeoutMs: number;
  /** How long to wait for the verdict then, in ms; 0: not at all. */
  waitForVerdictMs: number;
  onStatus?: (status: HealStatus) => void;
}

/** Writing a small file takes this long at the very most. */
const graceMs = 2000;

/** Delivers a report, or keeps it for later; then waits for the verdict where that is wanted. Never throws, never hangs. */
export async function handOver(
  session: Session,
  report: Report,
  options: HandOverOptions,
): Promise<HandedOver> {
  const handed = await within(options.timeoutMs + graceMs, deliverOrKeep(session, report, options.timeoutMs));
  if (!handed.delivered || options.waitForVerdictMs <= 0) return handed;
  try {
    const { workflowId = '', runId = '' } = handed;
    const { client } = await session.context();
    const { waitForVerdictMs: waitMs, onStatus } = options;
    const result = await waitForVerdict({
      client,
      workflowId,
      runId,
      waitMs,
      ...(onStatus === undefined ? {} : { onStatus }),
    });
    if (result !== null) return { ...handed, result, verdict: result.verdict };
    return { ...handed, problem: `no verdict on ${workflowId} within ${Math.round(waitMs / 1000)} s` };
  } catch (error) {
    return { ...handed, problem: words(error) };
  }
}

/**
 * Delivers what was spooled, then the report.
 * @throws DeliveryProblem
 */
export async function deliverInOrder(
  session: Session,
  report: Report,
  timeoutMs: number,
): Promise<DeliveredReport> {
  const untilMs = Date.now() + timeoutMs;
  const context = await session.context();
  // A long line must not hold up what fails right now: it gets half of the time.
  await drainSession(session, Date.now() + timeoutMs / 2);
  return deliverReport({ ...context, report, timeoutMs: Math.max(250, untilMs - Date.now()) });
}

/** Delivers what earlier calls had to keep. Never throws. */
export async function drainSession(session: Session, untilMs = Infinity): Promise<Drained> {
  try {
    const [home, context] = [await session.home(), await session.context()];
    const deliver = (spooled: Report): Promise<unknown> =>
      deliverReport({
        ...context,
        report: spooled,
        timeoutMs: Math.max(250, Math.min(5000, untilMs - Date.now())),
      });
    return await drainSpool({ dir: spoolFolder(home), deliver, log: (line) => session.log(line), untilMs });
  } catch (error) {
    return { delivered: 0, left: 0, setAside: 0, busy: false, problem: words(error) };
  }
}

async function deliverOrKeep(session: Session, report: Report, timeoutMs: number): Promise<HandedOver> {
  try {
    return { delivered: true, spooled: false, ...(await deliverInOrder(session, report, timeoutMs)) };
  } catch (error) {
    return keep(session, report, words(error));
  }
}

async function keep(session: Session, report: Report, why: string): Promise<HandedOver> {
  // Nobody wants to know tomorrow what would have been done today.
  if (report.dryRun === true) return { delivered: false, spooled: false, problem: why };
  const home = await session.home().catch(() => null);
  const kept =
    home === null
      ? { kept: false as const, reason: 'the state folder is not known' }
      : await keepInSpool(spoolFolder(home), report);
  if (kept.kept) {
    session.log(`${why} The report is kept in ${kept.file} and delivered later.`);
    return { delivered: false, spooled: true, problem: why };
  }
  const problem = `${why} The report is LOST, because ${kept.reason}.`;
  session.log(`${problem} It said: ${redactShort(report.error.message).slice(0, 500)}`);
  return { delivered: false, spooled: false, problem };
}

async function within(ms: number, handed: Promise<HandedOver>): Promise<HandedOver> {
  const stop = new AbortController();
  const tooLate = sleep(ms, undefined, { signal: stop.signal }).then(
    (): HandedOver => ({
      delivered: false,
      spooled: false,
      problem: `neither Temporal nor the disk answered within ${ms} ms`,
    }),
    (): HandedOver => ({ delivered: false, spooled: false }),
  );
  try {
    return await Promise.race([handed, tooLate]);
  } finally {
    stop.abort();
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
