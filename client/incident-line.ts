import type { Report } from '../domain/report.ts';
import { DeliveryProblem } from './delivery-problem.ts';

export interface DeliveredReport {
  workflowId: string;
  /** The run that has the report: the incident, unless the worker's files say that it is another one's. */
  runId: string;
  incidentId: string;
  /** It was counted on an incident that was open already. */
  joined: boolean;
}

/** The two calls by which a report gets to its incident. Both throw DeliveryProblem. */
export interface IncidentCalls {
  /** Opens the incident with this report, or joins the one that is open. */
  open(report: Report): Promise<DeliveredReport>;
  /** Counts reports on this very run. @returns false where the run has closed */
  join(runId: string, reports: Report[]): Promise<boolean>;
}

interface Waiting {
  report: Report;
  calls: IncidentCalls;
  settle: { resolve: (delivered: DeliveredReport) => void; reject: (error: unknown) => void };
}

/** One signal's worth of reports: far below the 2 MB that Temporal takes. */
const mostReports = 200;
const mostCharacters = 200_000;

/**
 * A process's way to one incident. The first report opens it; those that come while a call is under way go together
 * with the next one, so that a storm of a thousand costs a few calls, and a few events of the incident's history.
 */
export class IncidentLine {
  readonly #workflowId: string;
  #runId: string | null = null;
  #waiting: Waiting[] = [];
  #isSending = false;
  /** How many reports go singly, because Temporal does not take them together. */
  #oneByOne = 0;

  constructor(workflowId: string) {
    this.#workflowId = workflowId;
  }

  get isIdle(): boolean {
    return !this.#isSending;
  }

  /**
   * Each report's promise settles with the call that carried it. Where Temporal is away, it is away for all who wait;
   * a report that it refuses fails alone.
   */
  deliver(report: Report, calls: IncidentCalls): Promise<DeliveredReport> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ report, calls, settle: { resolve, reject } });
      if (!this.#isSending) void this.#send();
    });
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const batch = this.#runId === null ? [next] : this.#batch();
      try {
        if (this.#runId === null) await this.#open(next);
        else await this.#join(this.#runId, batch);
      } catch (error) {
        const isRefused = error instanceof DeliveryProblem && error.code === 'REPORT_REFUSED';
        if (isRefused && batch.length > 1) this.#oneByOne = batch.length;
        else
          this.#waiting
            .splice(0, isRefused ? 1 : this.#waiting.length)
            .forEach(({ settle }) => settle.reject(error));
      }
    }
    this.#isSending = false;
  }

  async #open({ calls, report, settle }: Waiting): Promise<void> {
    const delivered = await calls.open(report);
    this.#runId = delivered.runId;
    this.#waiting.shift();
    settle.resolve(delivered);
  }

  async #join(runId: string, batch: Waiting[]): Promise<void> {
    const [first] = batch;
    const reports = batch.map(({ report }) => report);
    if (first === undefined || !(await first.calls.join(runId, reports))) {
      this.#runId = null;
      return;
    }
    this.#waiting.splice(0, batch.length);
    this.#oneByOne = Math.max(0, this.#oneByOne - batch.length);
    const delivered = { workflowId: this.#workflowId, runId, incidentId: runId, joined: true };
    batch.forEach(({ settle }) => settle.resolve(delivered));
  }

  #batch(): Waiting[] {
    if (this.#oneByOne > 0) return this.#waiting.slice(0, 1);
    let characters = 0;
    const tooMany = this.#waiting.findIndex(({ report }, at) => {
      characters += JSON.stringify(report).length;
      return at === mostReports || (at > 0 && characters > mostCharacters);
    });
    return tooMany < 0 ? [...this.#waiting] : this.#waiting.slice(0, tooMany);
  }
}

/** How many incidents a process remembers the way to. */
const remembered = 1000;

const lines = new WeakMap<object, Map<string, IncidentLine>>();

/** The line to an incident; one for each connection. */
export function lineTo(connection: object, workflowId: string): IncidentLine {
  const known = lines.get(connection) ?? new Map<string, IncidentLine>();
  lines.set(connection, known);
  const line = known.get(workflowId) ?? new IncidentLine(workflowId);
  // The latest are kept: what is used again goes to the end.
  known.delete(workflowId);
  known.set(workflowId, line);
  if (known.size > remembered) {
    const idle = [...known].find(([, { isIdle }]) => isIdle)?.[0];
    if (idle !== undefined) known.delete(idle);
  }
  return line;
}
