import { ApplicationFailure, CancellationScope, condition, sleep } from '@temporalio/workflow';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import { hasUnwrittenCount, isLater, shortened, type Arrival } from '../../domain/incident/counting.ts';
import { noDebt } from '../../domain/incident/debt.ts';
import type { Listener } from '../../domain/incident/counting.ts';
import type { Classified, IncidentState } from '../../domain/incident/state.ts';
import { causeGone, reported } from '../../domain/incident/transitions.ts';
import type { Report } from '../../domain/report/report.ts';
import { asReport, isPassable, unpassable, unreadable } from '../../domain/report/unread-report.ts';
import { causeOf } from '../cause-of.ts';
import { thinking } from '../proxies.ts';
import { asNewRun } from './continue-as-new.ts';
import type { Incident } from './incident.ts';
import { countReport } from './measure.ts';

/** How long counts may lag behind in the incident's row while duplicates come in. */
const countEveryMs = 2000;

type Over = NonNullable<IncidentState['causeGone']>;

/**
 * Reports that arrive by signal. Before classification they wait; while the incident is open they are counted on
 * it; once it is settled, a report of a failure that began later opens the next incident.
 */
export class Intake {
  /** Reports of what failed after the incident was settled. */
  readonly later: Arrival[] = [];
  #waiting: Arrival[] = [];
  readonly #over: Over[] = [];
  #incident: Incident | null = null;
  /**
   * A sender without ids that starts and signals in one call (signalWithStart) sends its first report as both: the
   * first signal that equals the start's report is that very report.
   */
  #start: string | null;

  /** @param startedBySender false where the run goes on from an earlier one */
  constructor(first: Report, startedBySender: boolean) {
    this.#start = startedBySender && first.reportId === undefined ? JSON.stringify(first) : null;
  }

  receive(input: unknown, listener: Listener | undefined): void {
    // A signal can't be refused any more: what can't be read is counted all the same.
    // Nor does it ask for a dry run: that has a run of its own.
    const { dryRun: _, ...report } = asReport(input);
    // Asked on arrival: by the time of delivery it would be too late to tell.
    const isStart = this.#start !== null && JSON.stringify(report) === this.#start;
    if (isStart) this.startIsOver();
    this.#deliver({ report, isStart, ...(listener === undefined ? {} : { listener }) });
  }

  /** After the first activation a signal can no longer be the start's own. */
  startIsOver(): void {
    this.#start = null;
  }

  /** Something that was reported is over. */
  resolve(told: Over): void {
    if (this.#incident === null) this.#over.push(told);
    else this.#incident.apply((now) => causeGone(now, told));
  }

  /** From now on reports are counted on this incident. */
  open(incident: Incident): void {
    this.#incident = incident;
    this.#over.splice(0).forEach((told) => this.resolve(told));
    this.takeWaiting().forEach((arrival) => this.#deliver(arrival));
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** What came before there was an incident. */
  takeWaiting(): Arrival[] {
    return this.#waiting.splice(0);
  }

  #deliver(arrival: Arrival): void {
    const incident = this.#incident;
    if (incident === null) this.#waiting.push(arrival);
    else if (isLater(incident.state, arrival.report, Date.now())) this.later.push(arrival);
    else {
      if (arrival.isStart !== true) incident.signals += 1;
      const before = incident.state.counted;
      incident.apply((now) => reported(now, arrival, Date.now()));
      if (incident.state.counted !== before) countReport(arrival.report.source);
    }
  }
}

/** Keeps the row's count fresh while duplicates come in: one write for many reports. */
export async function writeCounts(incident: Incident): Promise<void> {
  const isOver = () => incident.state.outcome !== null;
  while (!isOver()) {
    await condition(() => hasUnwrittenCount(incident.state) || isOver());
    if (isOver()) return;
    await sleep(countEveryMs, { summary: 'counting duplicates' });
    if (!isOver() && hasUnwrittenCount(incident.state)) incident.write();
  }
}

/**
 * What failed, and where: the first thing that is asked about a report. Who cancels the run meanwhile cancels the
 * healing, not the record of the failure.
 * @param carried the run goes on from an earlier one, whose debt is not lost over an unreadable report
 * @throws ApplicationFailure `InvalidReport` when the input is no report; those that joined its run are not refused with it
 */
export async function classifyFirst(report: Report, carried: boolean, intake: Intake): Promise<Classified> {
  try {
    return await classify(report);
  } catch (error) {
    const cause = causeOf(error);
    if (!(cause instanceof ApplicationFailure) || cause.type !== failureTypes.invalidReport) throw error;
    if (carried) return classify(unreadable);
    const [next, ...rest] = intake.takeWaiting().filter((joined) => !isSame(joined.report, report));
    if (next === undefined) throw ApplicationFailure.nonRetryable(cause.message, failureTypes.invalidReport);
    const listeners = next.listener === undefined ? [] : [next.listener];
    return asNewRun('')(next.report, { debt: noDebt, listeners, later: rest.map(shortened) });
  }
}

const classify = (report: Report): Promise<Classified> =>
  CancellationScope.nonCancellable(() =>
    thinking.classify.executeWithOptions({ summary: 'what failed, and where' }, [
      { report: isPassable(report) ? report : unpassable },
    ]),
  );

/** A sender that starts and signals in one call sends its report as both. */
function isSame(signalled: Report, started: Report): boolean {
  const { dryRun: _, ...report } = asReport(started);
  return JSON.stringify(signalled) === JSON.stringify(report);
}
