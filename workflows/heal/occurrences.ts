import type { Report } from '../../domain/report.ts';

/** How many ids of counted reports an incident remembers, so that one sent twice is counted once. */
const rememberedIds = 5000;

/**
 * Counts reports exactly. A report's `reportId`, where it has one, is counted once however often it arrives. A
 * sender without ids that starts and signals in one call (signalWithStart) sends its first report as both: the
 * first signal that equals the start's report is that very report.
 */
export class Occurrences {
  count = 1;
  #ids = new Set<string>();
  #start: string | null;

  constructor(first: Report, startedBySignal: boolean) {
    if (first.reportId !== undefined) this.#ids.add(first.reportId);
    this.#start = startedBySignal && first.reportId === undefined ? JSON.stringify(first) : null;
  }

  /** @returns false where this report was counted before */
  add(report: Report): boolean {
    const { reportId } = report;
    if (reportId !== undefined) {
      if (this.#ids.has(reportId)) return false;
      if (this.#ids.size >= rememberedIds) this.#ids.delete(this.#ids.values().next().value ?? '');
      this.#ids.add(reportId);
    } else if (this.#start !== null && JSON.stringify(report) === this.#start) {
      this.#start = null;
      return false;
    }
    this.count += 1;
    return true;
  }

  /** After the first activation a signal can no longer be the start's own. */
  startIsOver(): void {
    this.#start = null;
  }
}
