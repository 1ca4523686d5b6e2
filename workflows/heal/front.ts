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
import type { Report } from '../../domain/report/report.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import type { HealWorkflow } from '../heal.ts';
import { reportSignal, type Listener } from '../messages.ts';
import type { Inbox } from './inbox.ts';
import type { Occurrences } from './occurrences.ts';

/** How often a front makes sure that the incident it waits for is still there. */
const askAgainMs = 5 * 60_000;
/** How long after its verdict an incident is given to write its records; a caller doesn't wait for a database. */
const closesWithinMs = 15_000;

type Incident = ChildWorkflowHandle<typeof HealWorkflow>;

/** A place where the verdict signal leaves what it brought. */
export interface VerdictBox {
  result: HealResult | null;
}

export interface Front {
  report: Report;
  box: VerdictBox;
  inbox: Inbox;
  occurrences: Occurrences;
}

/**
 * Rule 1, for a run that was started under an id of its own: its report opens, or joins, the incident of its
 * fingerprint, which is the one run that may act on it. What is signalled to this run is passed on. Who cancels it
 * waits no longer, and leaves the incident alone.
 */
export async function standInFrontOf(incidentWorkflowId: string, front: Front): Promise<HealResult> {
  const me: Listener = { workflowId: workflowInfo().workflowId, tellsOutcome: false };
  try {
    return await waitInFront(incidentWorkflowId, front, me);
  } catch (error) {
    while (isCancellation(error) && front.inbox.hasWaiting) await passOn(incidentWorkflowId, front, me);
    throw error;
  }
}

async function waitInFront(incidentWorkflowId: string, front: Front, me: Listener): Promise<HealResult> {
  const { box, inbox } = front;
  const numbered: Report = { ...front.report, reportId: front.report.reportId ?? workflowInfo().runId };
  for (;;) {
    const incident = await openOrJoin(incidentWorkflowId, numbered, me);
    const end: End = {};
    if (incident !== null) watch(incident, end);
    for (;;) {
      await passOn(incidentWorkflowId, front, me);
      const settled = box.result;
      const isNews = () => box.result !== null && (incident === null || settled === null);
      const told = await condition(
        () => inbox.hasWaiting || end.settled !== undefined || isNews(),
        settled === null ? askAgainMs : closesWithinMs,
      );
      if (inbox.hasWaiting) continue;
      if (end.settled !== undefined) return ownResult(await end.settled, box.result);
      if (incident === null && box.result !== null) return mergedInto(box.result);
      if (!told && settled !== null) return settled;
      if (!told && incident === null && !(await join(incidentWorkflowId, numbered, me))) break;
    }
  }
}

/** How the run that this report opened has ended, once it has. */
interface End {
  settled?: Promise<HealResult>;
}

function watch(incident: Incident, end: End): void {
  const closed = resultOf(incident);
  const over = (): void => {
    end.settled = closed;
  };
  closed.then(over, over);
}

/** The run of an incident may go on as the next incident's: then its result is not this report's. */
function ownResult(result: HealResult, verdict: HealResult | null): HealResult {
  return verdict === null || verdict.incidentId === result.incidentId ? result : verdict;
}

function mergedInto(result: HealResult): HealResult {
  const { steps: _, ...merged } = result;
  return { ...merged, status: 'suppressed', mergedInto: result.incidentId };
}

async function passOn(
  incidentWorkflowId: string,
  { inbox, occurrences }: Front,
  me: Listener,
): Promise<void> {
  for (const { report, isStart } of inbox.takeWaiting()) {
    if (isStart === true || !occurrences.add(report)) continue;
    const reportId = report.reportId ?? `${workflowInfo().runId}/${occurrences.count}`;
    await openOrJoin(incidentWorkflowId, { ...report, reportId }, me);
  }
}

/**
 * Opens the incident of this id, or joins the open one; a run that is just closing is waited out, so that no
 * report falls into a closed run. Who cancels the reporting run cancels neither this nor the incident.
 * @returns the incident's run where this report opened it, null where it joined
 */
export const openOrJoin = (
  incidentWorkflowId: string,
  report: Report,
  listener: Listener,
): Promise<Incident | null> =>
  CancellationScope.nonCancellable(() => tryToOpenOrJoin(incidentWorkflowId, report, listener));

async function tryToOpenOrJoin(
  incidentWorkflowId: string,
  report: Report,
  listener: Listener,
): Promise<Incident | null> {
  for (let pauseMs = 50; ; pauseMs = Math.min(5000, pauseMs * 2)) {
    try {
      return await startChild<typeof HealWorkflow>('HealWorkflow', {
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

async function resultOf(incident: Incident): Promise<HealResult> {
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
