import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Report } from '../../domain/report/report.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import { finalStatuses } from '../../domain/vocabulary/vocabulary.ts';
import { joinEarlier, openOrJoin } from '../heal/forward.ts';
import { readVerdict } from '../incoming.ts';
import { reportSignal, taskOutcomeSignal, verdictSignal, type Listener } from '../messages.ts';

/** How often it is made sure that an incident which is waited for is still there. */
const askAgainMs = 5 * 60_000;
/** A report this long after a verdict is of a new failure, whatever the clocks of two workers say. */
const newFailureMs = 3000;

/** What became of a report: the incident's word, or that a person ended its run. */
export type Word = { kind: 'verdict'; result: HealResult } | { kind: 'ended' };

const isFinal = ({ status }: HealResult): boolean => finalStatuses.some((final) => final === status);

/**
 * The incident of a task's failure, as its scheduled run sees it: reports go there, verdicts come from there, and
 * an incident that asks how the next run went always gets an answer.
 */
export class Incident {
  workflowId: string | null = null;
  #report: Report | null = null;
  #listener: Listener | null = null;
  #heard: HealResult | null = null;
  #heardAtMs = 0;
  #asked = false;
  /** The run that this task's report opened has ended. */
  #ended: { result: HealResult | null } | null = null;
  readonly #sawIncident: (incidentId: string, workflowId: string) => void;

  constructor(sawIncident: (incidentId: string, workflowId: string) => void) {
    this.#sawIncident = sawIncident;
    setHandler(verdictSignal, (sent) => {
      const result = readVerdict(sent);
      if (result === null) return;
      this.#heard = result;
      this.#heardAtMs = Date.now();
      this.#asked = !isFinal(result);
      this.#sawIncident(result.incidentId, this.workflowId ?? '');
    });
  }

  /** It waits to be told how the next run goes. */
  get isAsking(): boolean {
    return this.#asked;
  }

  /**
   * Opens the incident of this report, or joins it. A cancelled task leaves its incident alone.
   * @param ids where it is; and where an earlier version of the fingerprint would have opened it
   */
  async report(
    ids: { own: string; earlier?: readonly string[] | undefined },
    report: Report,
    listener: Omit<Listener, 'workflowId'>,
  ): Promise<void> {
    const sinceHeardMs = Date.now() - this.#heardAtMs;
    const isNew = this.#heardAtMs > 0 && sinceHeardMs < newFailureMs;
    if (isNew) await sleep(newFailureMs - sinceHeardMs, { summary: 'keep two failures apart' });
    const stamped = isNew ? { ...report, occurredAt: new Date().toISOString() } : report;
    const workflowId = ids.own;
    this.workflowId = workflowId;
    this.#report = stamped;
    this.#listener = { workflowId: workflowInfo().workflowId, ...listener };
    this.#heard = null;
    this.#ended = null;
    const earlier = await joinEarlier(ids.earlier ?? [], stamped, this.#listener);
    if (earlier !== null) {
      this.workflowId = earlier;
      return;
    }
    const opened = await openOrJoin(workflowId, stamped, this.#listener);
    if (opened === null) return;
    this.#sawIncident(opened.firstExecutionRunId, workflowId);
    const settle = (result: HealResult | null): void => {
      // The end of an incident that came before says nothing about this one.
      if (this.#report === stamped) this.#ended = { result };
    };
    opened.result().then(settle, () => settle(null));
  }

  /** Tells how the run went that the incident had asked for. @returns false where nobody waits for it any more */
  async tellOutcome(ok: boolean, detail: string): Promise<boolean> {
    if (!this.#asked || this.workflowId === null) return false;
    this.#asked = false;
    this.#heard = null;
    const handle = getExternalWorkflowHandle(this.workflowId);
    try {
      const told = { ok, detail: detail.slice(0, 2000), by: workflowInfo().workflowId };
      await CancellationScope.nonCancellable(() => handle.signal(taskOutcomeSignal, told));
      return true;
    } catch {
      return false;
    }
  }

  /** Waits durably for the next word. An incident that was ended by hand is noticed, at the latest after five minutes. */
  async nextWord(): Promise<Word> {
    for (;;) {
      const word = await this.nextWordWithin(askAgainMs);
      if (word?.kind === 'verdict') return word;
      if (await this.#isThere()) this.#ended = null;
      else if (this.#heard === null) return { kind: 'ended' };
    }
  }

  /** The next word, or null where there is none so soon. */
  async nextWordWithin(waitMs: number): Promise<Word | null> {
    await condition(() => this.#heard !== null || this.#ended !== null, waitMs, { summary: 'the verdict' });
    const result = this.#heard ?? this.#ended?.result ?? null;
    if (result === null) return this.#ended === null ? null : { kind: 'ended' };
    this.#heard = null;
    this.#sawIncident(result.incidentId, this.workflowId ?? '');
    return { kind: 'verdict', result };
  }

  /** Joins again: a report that was counted before is not counted twice, and the verdict comes here. */
  async #isThere(): Promise<boolean> {
    if (this.workflowId === null || this.#report === null || this.#listener === null) return false;
    try {
      await getExternalWorkflowHandle(this.workflowId).signal(reportSignal, this.#report, this.#listener);
      return true;
    } catch {
      return false;
    }
  }
}
