import { CancellationScope, condition, setHandler, workflowInfo } from '@temporalio/workflow';
import { noDebt } from '../domain/incident/debt.ts';
import { opened } from '../domain/incident/state.ts';
import { resumed, takenOver } from '../domain/incident/transitions.ts';
import { statusOf } from '../domain/incident/views.ts';
import type { Report } from '../domain/report/report.ts';
import { asReport } from '../domain/report/unread-report.ts';
import type { HealResult } from '../domain/incident/verdict.ts';
import { healWorkflowId } from '../domain/workflow-ids.ts';
import { takeDecision } from './heal/actions/approval.ts';
import { oweElsewhere } from './heal/continue-as-new.ts';
import { dryRun } from './heal/dry-run.ts';
import { heal } from './heal/execute-decision.ts';
import { Forwarder } from './heal/forward.ts';
import { Incident } from './heal/incident.ts';
import { classifyFirst, Intake, writeCounts } from './heal/intake.ts';
import { countReport } from './heal/measure.ts';
import { settle } from './heal/settle.ts';
import {
  handedOn,
  readAck,
  readApproval,
  readCauseGone,
  readListener,
  readListeners,
  readTaskOutcome,
  readVerdict,
  refuseMalformedDecision,
  type HandedOn,
} from './incoming.ts';
import {
  ackSignal,
  causeGoneSignal,
  decideUpdate,
  reportSignal,
  reportsSignal,
  statusQuery,
  taskOutcomeSignal,
  verdictSignal,
  type Carry,
} from './messages.ts';

/**
 * One incident from its first report to its end (loop.md): classify, match, guard, decide, act or wait or alert,
 * verify, record, tell. Its result is the verdict for the caller.
 * @throws ApplicationFailure `InvalidReport` when the input is no report; the message names the field
 */
export async function HealWorkflow(input: Report, sent: Partial<HandedOn<Carry>> = {}): Promise<HealResult> {
  const report = asReport(input);
  const carry = carriedIn(sent);
  const { workflowId, runId } = workflowInfo();
  const goesOn = carry.debt !== undefined || carry.incident !== undefined;
  const intake = new Intake(report, !goesOn);
  const forwarder = new Forwarder(report, intake);
  let incident: Incident | null = null;

  setHandler(reportSignal, (signalled, listener) =>
    intake.receive(signalled, readListener(listener) ?? undefined),
  );
  setHandler(reportsSignal, (all: unknown) => {
    const list: unknown[] = Array.isArray(all) ? all : [all];
    list.forEach((signalled) => intake.receive(signalled, undefined));
  });
  setHandler(verdictSignal, (result) => {
    forwarder.verdict = readVerdict(result) ?? forwarder.verdict;
  });
  setHandler(causeGoneSignal, (told) => {
    const read = readCauseGone(told);
    if (read !== null) intake.resolve(read);
  });
  setHandler(taskOutcomeSignal, (told) =>
    incident?.apply((now) => ({ ...now, taskOutcome: readTaskOutcome(told) ?? now.taskOutcome })),
  );
  setHandler(ackSignal, (told) => {
    const ack = readAck(told);
    if (ack !== null) incident?.apply((now) => takenOver(now, ack.by));
  });
  const decide = async (told: unknown) => {
    const read = readApproval(told);
    if (!read.ok) return { accepted: false, reason: read.reason };
    const decidedAnew = () => incident !== null && incident.state.approvalBefore === null;
    // What an earlier run of this incident asked for: in a moment it is clear whether that still stands.
    if (carry.incident !== undefined && !decidedAnew()) await condition(decidedAnew, '10s');
    return incident === null && forwarder.incidentWorkflowId !== null
      ? {
          accepted: false,
          reason: `this run stands in front of ${forwarder.incidentWorkflowId}: decide there`,
        }
      : takeDecision(incident, read.approval);
  };
  setHandler(decideUpdate, decide, { validator: refuseMalformedDecision });
  setHandler(statusQuery, () => (incident === null ? forwarder.status : statusOf(incident.state)));

  const classified = carry.incident?.classified ?? (await classifyFirst(input, goesOn, intake));
  intake.startIsOver();
  if (report.dryRun === true) return dryRun(classified);
  const ownId = healWorkflowId(classified.classification.fingerprint);
  if (workflowId !== ownId) {
    // A run that was to go on with an incident's debt, but whose own report is, by now, of another failure.
    if (carry.debt !== undefined) await oweElsewhere(carry.debt, runId);
    carry.later?.forEach((later) => intake.receive(later.report, later.listener));
    const earlierIds = classified.classification.earlier?.map(healWorkflowId);
    return forwarder.forward(ownId, classified.report, earlierIds);
  }

  const open = new Incident(
    carry.incident ??
      opened(runId, report, classified, Date.now(), {
        debt: carry.debt ?? noDebt,
        listeners: carry.listeners,
      }),
  );
  incident = open;
  if (carry.incident === undefined) {
    open.become('open');
    countReport(classified.report.source);
  } else open.apply((now) => resumed(now, runId));
  intake.open(open);
  carry.later?.forEach((later) => intake.receive(later.report, later.listener));
  void CancellationScope.nonCancellable(() => writeCounts(open));
  const outcome = await heal(open);
  return CancellationScope.nonCancellable(() => settle(open, outcome, intake));
}

/** What an earlier run hands on; of a first run only who waits for its verdict, as with every report. */
function carriedIn(sent: Partial<HandedOn<Carry>>): Carry {
  return { ...handedOn<Carry>(sent), listeners: readListeners((sent as Carry | null)?.listeners) };
}
