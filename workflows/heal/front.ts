import {
  ApplicationFailure,
  ChildWorkflowFailure,
  condition,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Report } from '../../domain/report.ts';
import type { HealResult } from '../../domain/verdict.ts';
import { failureTypes } from '../../domain/failures.ts';
import type { HealWorkflow } from '../heal.ts';
import { reportSignal, type Listener } from '../messages.ts';
import type { Inbox } from './inbox.ts';
import type { Occurrences } from './occurrences.ts';

/** How often a front makes sure that the incident it waits for is still there. */
const askAgainMs = 5 * 60_000;

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
 * fingerprint, which is the one run that may act on it. What is signalled to this run is passed on.
 */
export async function standInFrontOf(incidentWorkflowId: string, front: Front): Promise<HealResult> {
  const { box } = front;
  const me: Listener = { workflowId: workflowInfo().workflowId, tellsOutcome: false };
  const numbered: Report = { ...front.report, reportId: front.report.reportId ?? workflowInfo().runId };
  for (;;) {
    const incident = await openOrJoin(incidentWorkflowId, numbered, me);
    const closed = incident === null ? null : resultOf(incident);
    let ended: { result: HealResult } | { error: unknown } | null = null;
    void closed?.then(
      (result) => (ended = { result }),
      (error: unknown) => (ended = { error }),
    );
    for (;;) {
      await passOn(incidentWorkflowId, front, me);
      const told = await condition(
        () => ended !== null || (incident === null && box.result !== null) || front.inbox.hasWaiting,
        askAgainMs,
      );
      if (closed !== null && ended !== null) return closed;
      if (incident === null && box.result !== null) return mergedInto(box.result);
      if (!told && incident === null && !(await join(incidentWorkflowId, numbered, me))) break;
    }
  }
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
  for (const { report } of inbox.takeWaiting()) {
    if (!occurrences.add(report)) continue;
    const reportId = report.reportId ?? `${workflowInfo().runId}/${occurrences.count}`;
    await openOrJoin(incidentWorkflowId, { ...report, reportId }, me);
  }
}

/**
 * Opens the incident of this id, or joins the open one; a run that is just closing is waited out, so that no
 * report falls into a closed run.
 * @returns the incident's run where this report opened it, null where it joined
 */
export async function openOrJoin(
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
