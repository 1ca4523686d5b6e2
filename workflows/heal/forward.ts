import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import { counted, firstCount, type Counted } from '../../domain/incident/counting.ts';
import type { Listener } from '../../domain/incident/counting.ts';
import type { HealStatus } from '../../domain/incident/views.ts';
import type { Report } from '../../domain/report/report.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import { workflowTypes } from '../../domain/workflow-ids.ts';
import { reportSignal, type Heal } from '../messages.ts';
import type { Intake } from './intake.ts';

/** How often a forwarder makes sure that the incident it waits for is still there. */
const askAgainMs = 5 * 60_000;
/** How long after its verdict an incident is given to write its records; a caller doesn't wait for a database. */
const closesWithinMs = 15_000;

type IncidentRun = ChildWorkflowHandle<Heal>;

/**
 * Rule 1, for a run that was started under an id of its own: its report opens, or joins, the incident of its
 * fingerprint, which is the one run that may act on it. What is signalled to this run is passed on.
 */
export class Forwarder {
  /** What the verdict signal brought. */
  verdict: HealResult | null = null;
  /** The incident that this run forwards to, once that is known. */
  incidentWorkflowId: string | null = null;
  readonly #intake: Intake;
  #counted: Counted;

  constructor(first: Report, intake: Intake) {
    this.#counted = firstCount(first);
    this.#intake = intake;
  }

  /**
   * Whoever cancels this run only stops waiting: the incident goes on.
   * @param earlierIds where an earlier version of the fingerprint would have opened it: joined where it is open
   */
  async forward(ownId: string, report: Report, earlierIds: readonly string[] = []): Promise<HealResult> {
    const numbered: Report = { ...report, reportId: report.reportId ?? workflowInfo().runId };
    let earlier = await joinEarlier(earlierIds, numbered, asListener());
    let incidentWorkflowId = earlier ?? ownId;
    this.incidentWorkflowId = incidentWorkflowId;
    try {
      for (;;) {
        const opened = earlier === null ? await openOrJoin(incidentWorkflowId, numbered, asListener()) : null;
        const result =
          opened === null
            ? await this.#joined(incidentWorkflowId, numbered)
            : await this.#opened(incidentWorkflowId, opened);
        if (result !== null) return result;
        earlier = null;
        incidentWorkflowId = ownId;
        this.incidentWorkflowId = ownId;
      }
    } catch (error) {
      while (isCancellation(error) && this.#intake.hasWaiting) await this.#passOn(incidentWorkflowId);
      throw error;
    }
  }

  /** The incident of another report. @returns null where it ended without a word */
  async #joined(incidentWorkflowId: string, numbered: Report): Promise<HealResult | null> {
    for (;;) {
      await this.#passOn(incidentWorkflowId);
      const told = await condition(
        () => this.#intake.hasWaiting || this.verdict !== null,
        this.verdict === null ? askAgainMs : closesWithinMs,
      );
      if (this.#intake.hasWaiting) continue;
      if (this.verdict !== null) return mergedInto(this.verdict);
      if (!told && !(await join(incidentWorkflowId, numbered, asListener()))) return null;
    }
  }

  /** The incident that this report opened. */
  async #opened(incidentWorkflowId: string, incident: IncidentRun): Promise<HealResult> {
    const result = resultOf(incident);
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    result.then(over, over);
    for (;;) {
      await this.#passOn(incidentWorkflowId);
      const heard = this.verdict;
      const told = await condition(
        () => this.#intake.hasWaiting || isOver || (this.verdict !== null && heard === null),
        heard === null ? askAgainMs : closesWithinMs,
      );
      if (this.#intake.hasWaiting) continue;
      if (isOver) return ownResult(await result, this.verdict);
      if (!told && heard !== null) return heard;
    }
  }

  async #passOn(incidentWorkflowId: string): Promise<void> {
    for (const { report, isStart } of this.#intake.takeWaiting()) {
      const next = counted(this.#counted, report);
      if (isStart === true || next === this.#counted) continue;
      this.#counted = next;
      const reportId = report.reportId ?? `${workflowInfo().runId}/${next.count}`;
      await openOrJoin(incidentWorkflowId, { ...report, reportId }, asListener());
    }
  }

  /** For who asks before there is an incident here, or where there never will be one. */
  get status(): HealStatus {
    const { verdict: told } = this;
    return {
      incidentId: told?.incidentId ?? '',
      status: told?.status ?? 'open',
      errorType: null,
      playbook: told?.playbook ?? null,
      actionType: told?.actionType ?? null,
      attempts: told?.attempts ?? 0,
      occurrences: told?.occurrences ?? 1,
      waitingFor: 'the incident of its fingerprint',
      until: null,
      verdict: told?.verdict ?? null,
      owed: { incidents: 0, healLogs: 0, insights: 0, messages: 0 },
      steps: [],
    };
  }
}

const asListener = (): Listener => ({ workflowId: workflowInfo().workflowId, tellsOutcome: false });

/** The run of an incident may go on as the next incident's: then its result is not this report's. */
function ownResult(result: HealResult, verdict: HealResult | null): HealResult {
  return verdict === null || verdict.incidentId === result.incidentId ? result : verdict;
}

function mergedInto(result: HealResult): HealResult {
  const { steps: _, ...merged } = result;
  return { ...merged, status: 'suppressed', mergedInto: result.incidentId };
}

/**
 * Joins the incident that an earlier version of the fingerprint opened, where one is open: an update must not split
 * it. @returns its id, or null where there is none
 */
export async function joinEarlier(
  earlierIds: readonly string[],
  report: Report,
  listener: Listener,
): Promise<string | null> {
  for (const id of earlierIds) {
    if (id !== workflowInfo().workflowId && (await join(id, report, listener))) return id;
  }
  return null;
}

/**
 * Opens the incident of this id, or joins the open one; a run that is just closing is waited out, so that no
 * report falls into a closed run. Whoever cancels the reporting run cancels neither this nor the incident.
 * @returns the incident's run where this report opened it, null where it joined
 */
export const openOrJoin = (
  incidentWorkflowId: string,
  report: Report,
  listener: Listener,
): Promise<IncidentRun | null> =>
  CancellationScope.nonCancellable(() => tryToOpenOrJoin(incidentWorkflowId, report, listener));

async function tryToOpenOrJoin(
  incidentWorkflowId: string,
  report: Report,
  listener: Listener,
): Promise<IncidentRun | null> {
  for (let pauseMs = 50; ; pauseMs = Math.min(5000, pauseMs * 2)) {
    try {
      return await startChild<Heal>(workflowTypes.heal, {
        workflowId: incidentWorkflowId,
        args: [report, { listeners: [listener] }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: report.error.message.slice(0, 150),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    if (await join(incidentWorkflowId, report, listener)) return null;
    await sleep(pauseMs, { summary: 'the incident is just closing' });
  }
}

async function join(incidentWorkflowId: string, report: Report, listener: Listener): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(incidentWorkflowId).signal(reportSignal, report, listener);
    return true;
  } catch {
    return false;
  }
}

async function resultOf(incident: IncidentRun): Promise<HealResult> {
  try {
    return await incident.result();
  } catch (error) {
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    const why = error.cause?.message ?? error.message;
    throw ApplicationFailure.nonRetryable(
      `${incident.workflowId} was ended: ${why}`,
      failureTypes.incidentEnded,
    );
  }
}
