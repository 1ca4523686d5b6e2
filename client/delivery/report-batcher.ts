import { AsyncResource } from 'node:async_hooks';
import type { Report } from '../../domain/report/report.ts';
import { DeliveryProblem, noAnswerInTime } from './delivery-problem.ts';

export interface DeliveredReport {
  workflowId: string;
  /** The run that has the report: the incident, unless the worker's files say that it is another one's. */
  runId: string;
  incidentId: string;
  /** It was counted on an incident that was open already. */
  joined: boolean;
}

/** The two calls by which a report gets to its incident. Both throw DeliveryProblem, soon after their deadline at most. */
export interface IncidentCalls {
  /** Opens the incident with this report, or joins the one that is open. */
  open(report: Report, deadlineMs: number): Promise<DeliveredReport>;
  /** Counts reports on this very run. @returns false where the run has closed */
  join(runId: string, reports: Report[], deadlineMs: number): Promise<boolean>;
}

interface Waiting {
  report: Report;
  calls: IncidentCalls;
  deadlineMs: number;
  resolve: (delivered: DeliveredReport) => void;
  reject: (error: unknown) => void;
}

/** One signal's worth of reports: far below the 2 MB that Temporal takes. */
const mostReports = 200;
const mostCharacters = 200_000;

/** A call that ends with its report's deadline says more than this line could: it comes first. */
const graceMs = 500;

/**
 * A process's way to one incident. The first report opens it; those that come while a call is under way go together
 * with the next one, so that a storm of a thousand costs a few calls, and a few events of the incident's history.
 */
export class IncidentLine {
  readonly #workflowId: string;
  #runId: string | null = null;
  readonly #waiting = new Set<Waiting>();
  #sending: Promise<void> | null = null;
  /** How many reports go singly, because Temporal does not take them together. */
  #oneByOne = 0;

  constructor(workflowId: string) {
    this.#workflowId = workflowId;
  }

  get isIdle(): boolean {
    return this.#sending === null;
  }

  /** Resolves when no call is under way. */
  async whenIdle(): Promise<void> {
    await this.#sending;
  }

  /**
   * Each report's promise settles with the call that carried it, or when its own time is over: behind another's call
   * it may be taken after all, and counts once.
   */
  async deliver(report: Report, deadlineMs: number, calls: IncidentCalls): Promise<DeliveredReport> {
    let timer: NodeJS.Timeout | undefined;
    const delivered = new Promise<DeliveredReport>((resolve, reject) => {
      const own = this.isIdle ? calls : inItsContext(calls);
      const waiting: Waiting = { report, calls: own, deadlineMs, resolve, reject };
      this.#waiting.add(waiting);
      timer = setTimeout(
        () => {
          this.#waiting.delete(waiting);
          reject(noAnswerInTime());
        },
        deadlineMs + graceMs - Date.now(),
      );
    });
    if (this.#sending === null) this.#sending = this.#send();
    return delivered.finally(() => clearTimeout(timer));
  }

  async #send(): Promise<void> {
    while (this.#waiting.size > 0) await this.#sendNext();
    // At once: whoever comes from now on has to begin anew.
    this.#sending = null;
  }

  /** Never rejects: what goes wrong is told to those whom it concerns. */
  async #sendNext(): Promise<void> {
    const batch = this.#batch();
    try {
      const delivered = await this.#call(batch);
      if (delivered === null) return;
      this.#oneByOne = Math.max(0, this.#oneByOne - batch.length);
      batch.forEach(({ resolve }) => resolve(delivered));
    } catch (error) {
      const isRefused = error instanceof DeliveryProblem && error.code === 'REPORT_REFUSED';
      if (isRefused && batch.length > 1) {
        this.#oneByOne = batch.length;
        return;
      }
      batch.forEach(({ reject }) => reject(error));
    }
    batch.forEach((waiting) => this.#waiting.delete(waiting));
  }

  /** @returns null where the run that was known has closed */
  async #call(batch: Waiting[]): Promise<DeliveredReport | null> {
    const [first] = batch;
    if (first === undefined) return null;
    // Whoever came last still has the most of its time.
    const deadlineMs = Math.max(...batch.map((waiting) => waiting.deadlineMs));
    const runId = this.#runId;
    if (runId === null) {
      const opened = await first.calls.open(first.report, deadlineMs);
      this.#runId = opened.runId;
      return opened;
    }
    const reports = batch.map(({ report }) => report);
    if (await first.calls.join(runId, reports, deadlineMs))
      return { workflowId: this.#workflowId, runId, incidentId: runId, joined: true };
    this.#runId = null;
    return null;
  }

  #batch(): Waiting[] {
    const waiting = [...this.#waiting];
    if (this.#runId === null || this.#oneByOne > 0 || waiting.length === 1) return waiting.slice(0, 1);
    let characters = 0;
    const tooMany = waiting.findIndex(({ report }, at) => {
      characters += JSON.stringify(report).length;
      return at === mostReports || (at > 0 && characters > mostCharacters);
    });
    return tooMany < 0 ? waiting : waiting.slice(0, tooMany);
  }
}

/** Calls that are made by another report's turn, in the context (of a trace, say) of their own caller all the same. */
const inItsContext = (calls: IncidentCalls): IncidentCalls => {
  const context = new AsyncResource('IncidentReport');
  return {
    open: (...args) => context.runInAsyncScope(() => calls.open(...args)),
    join: (...args) => context.runInAsyncScope(() => calls.join(...args)),
  };
};

/** How many incidents a process remembers the way to. */
const remembered = 1000;

const lines = new WeakMap<object, Map<string, IncidentLine>>();

/** The line to an incident. Each client has its own: another one may have another namespace, or another codec. */
export function lineTo(client: object, workflowId: string): IncidentLine {
  const known = lines.get(client) ?? new Map<string, IncidentLine>();
  lines.set(client, known);
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

/** Resolves when a client has no delivery under way: its connection can be closed then. */
export async function deliveriesDone(client: object): Promise<void> {
  await Promise.all([...(lines.get(client)?.values() ?? [])].map((line) => line.whenIdle()));
}
