import type { Report } from '../../domain/report/report.ts';
import { asReport } from '../../domain/report/unread-report.ts';
import type { Listener } from '../messages.ts';
import type { HealRun } from './run.ts';

export interface Arrival {
  report: Report;
  listener?: Listener;
  /** Set where the run was started with this very report: it is counted already. */
  isStart?: boolean;
}

/** A report that arrives this long after an incident was settled is a new failure. */
const sameFailureMs = 2000;

/**
 * Reports that arrive by signal. Before classification they wait; while the incident is open they are counted on
 * it; once it is settled, a report of a failure that began later opens the next incident.
 */
export class Inbox {
  readonly later: Arrival[] = [];
  #waiting: Arrival[] = [];
  #run: HealRun | null = null;
  readonly #isStart: (report: Report) => boolean;

  constructor(isStart: (report: Report) => boolean) {
    this.#isStart = isStart;
  }

  receive(input: unknown, listener: Listener | undefined): void {
    // A signal can't be refused any more: what can't be read is counted all the same.
    // Nor does it ask for a dry run: that has a run of its own.
    const { dryRun: _, ...report } = asReport(input);
    // Asked on arrival: by the time of delivery it would be too late to tell.
    const isStart = this.#isStart(report);
    const arrival: Arrival = { report, isStart, ...(listener === undefined ? {} : { listener }) };
    if (this.#run === null) this.#waiting.push(arrival);
    else this.#deliver(this.#run, arrival);
  }

  /** From now on reports are counted on this incident. */
  open(run: HealRun): void {
    this.#run = run;
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach((arrival) => this.#deliver(run, arrival));
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** What came before there was an incident: for a front, which passes it on. */
  takeWaiting(): Arrival[] {
    return this.#waiting.splice(0);
  }

  #deliver(run: HealRun, arrival: Arrival): void {
    // One that is counted and was sent again is no new failure, however late it comes.
    if (!run.occurrences.knows(arrival.report) && isLater(run, arrival.report)) {
      this.later.push(arrival);
      return;
    }
    if (
      arrival.listener !== undefined &&
      !run.listeners.some((known) => known.workflowId === arrival.listener?.workflowId)
    ) {
      run.listeners.push(arrival.listener);
    }
    if (arrival.isStart === true || !run.occurrences.add(arrival.report)) return;
    // What was said to be over has begun anew, or goes on for another alert.
    if (!run.occurrences.allResolved) run.causeGone = null;
    run.lastSeenAtMs = Date.now();
    run.countChanged = true;
  }
}

/**
 * Of a report that is counted on an incident, only what counting needs: a storm of whole ones would not fit into the
 * input of a run.
 */
export function counting({ report, listener }: Arrival): Arrival {
  const { source, reportId, occurredAt, alert } = report;
  const short: Report = {
    source,
    error: { message: report.error.message.slice(0, 20) },
    ...(reportId === undefined ? {} : { reportId }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(alert === undefined ? {} : { alert }),
  };
  return listener === undefined ? { report: short } : { report: short, listener };
}

function isLater(run: HealRun, report: Report): boolean {
  if (run.settledAtMs === null) return false;
  // One of a storm that still comes in, and doesn't say since when: the failure that it tells of is this one.
  if (run.lingers && report.occurredAt === undefined) return false;
  const failedAtMs =
    report.occurredAt === undefined ? Date.now() : Math.min(Date.now(), Date.parse(report.occurredAt));
  return failedAtMs > run.settledAtMs + sameFailureMs;
}
