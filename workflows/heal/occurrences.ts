import type { Report } from '../../domain/report/report.ts';

/** How many ids of counted reports an incident remembers, so that one sent twice is counted once. */
const rememberedIds = 5000;

export interface CountedSoFar {
  count: number;
  ids: string[];
  /** Alerts that were reported and are not resolved yet, by their sender's fingerprints. */
  alerts?: string[];
}

/**
 * Counts reports exactly. A report's `reportId`, where it has one, is counted once however often it arrives. A
 * sender without ids that starts and signals in one call (signalWithStart) sends its first report as both: the
 * first signal that equals the start's report is that very report.
 */
export class Occurrences {
  count = 1;
  /** How many reports came to this run by signal, counted or not. */
  signals = 0;
  #ids = new Set<string>();
  #alerts = new Set<string>();
  #start: string | null;

  constructor(first: Report, startedBySignal: boolean, before: CountedSoFar | null = null) {
    if (before !== null) {
      this.count = before.count;
      this.#ids = new Set(before.ids);
      this.#alerts = new Set(before.alerts);
    } else this.#fires(first);
    if (first.reportId !== undefined) this.#ids.add(first.reportId);
    this.#start = startedBySignal && first.reportId === undefined ? JSON.stringify(first) : null;
  }

  /** @returns false where this report was counted before */
  add(report: Report): boolean {
    this.signals += 1;
    const { reportId } = report;
    if (this.knows(report)) return false;
    if (reportId !== undefined) {
      if (this.#ids.size >= rememberedIds) this.#ids.delete(this.#ids.values().next().value ?? '');
      this.#ids.add(reportId);
    }
    this.count += 1;
    this.#fires(report);
    return true;
  }

  /**
   * An alert is resolved, or all of them where the sender doesn't say which.
   * @returns false while another that this incident took in still fires
   */
  resolve(alert: string | undefined): boolean {
    if (alert === undefined) this.#alerts.clear();
    else this.#alerts.delete(alert);
    return this.allResolved;
  }

  get allResolved(): boolean {
    return this.#alerts.size === 0;
  }

  #fires({ alert }: Report): void {
    if (alert === undefined) return;
    if (this.#alerts.size >= rememberedIds) this.#alerts.delete(this.#alerts.values().next().value ?? '');
    this.#alerts.add(alert.fingerprint);
  }

  /** Whether a report that just arrived by signal is the one that the run was started with. True once at most. */
  isStart(report: Report): boolean {
    if (this.#start === null || JSON.stringify(report) !== this.#start) return false;
    this.#start = null;
    return true;
  }

  /** Whether this very report is counted already: it was sent again. */
  knows({ reportId }: Report): boolean {
    return reportId !== undefined && this.#ids.has(reportId);
  }

  /** What a run that goes on with this incident has to know. */
  soFar(): CountedSoFar {
    return { count: this.count, ids: [...this.#ids], alerts: [...this.#alerts] };
  }

  /** After the first activation a signal can no longer be the start's own. */
  startIsOver(): void {
    this.#start = null;
  }
}
