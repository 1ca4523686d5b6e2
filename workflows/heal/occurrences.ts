import type { Report } from '../../domain/report.ts';

/** How many ids of counted reports an incident remembers, so that one sent twice is counted once. */
const rememberedIds = 5000;

export interface CountedSoFar {
  count: number;
  ids: string[];
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
  #start: string | null;

  constructor(first: Report, startedBySignal: boolean, before: CountedSoFar | null = null) {
    if (before !== null) {
      this.count = before.count;
      this.#ids = new Set(before.ids);
    }
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
    return true;
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
    return { count: this.count, ids: [...this.#ids] };
  }

  /** After the first activation a signal can no longer be the start's own. */
  startIsOver(): void {
    this.#start = null;
  }
}
