import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Report } from '../domain/report/report.ts';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import { asReport } from '../domain/report/unread-report.ts';
import { giveUp, type HealResult } from '../domain/incident/verdict.ts';
import { restore, type CarriedIncident } from './heal/carried-incident.ts';
import { takeDecision } from './heal/approval.ts';
import { standInFrontOf, type VerdictBox } from './heal/front.ts';
import { Inbox, type Arrival } from './heal/inbox.ts';
import { Occurrences } from './heal/occurrences.ts';
import { noDebt, type Debt } from './heal/owed.ts';
import { carryOut } from './heal/carry-out.ts';
import { classifyFirst } from './heal/classify-first.ts';
import { oweElsewhere } from './heal/hand-over.ts';
import { dryRun } from './heal/dry-run.ts';
import { HealRun, type Outcome } from './heal/run.ts';
import { decideUnpaused } from './heal/pauses.ts';
import { settle } from './heal/settle.ts';
import { statusOf } from './heal/incident-seen.ts';
import { goOnWaiting } from './heal/wait.ts';
import {
  ackSignal,
  causeGoneSignal,
  decideUpdate,
  reportSignal,
  reportsSignal,
  statusQuery,
  taskOutcomeSignal,
  verdictSignal,
  type Listener,
} from './messages.ts';
import {
  handedOn,
  readAck,
  readApproval,
  readCauseGone,
  readListener,
  readListeners,
  readTaskOutcome,
  readVerdict,
  type HandedOn,
} from './incoming.ts';
import { thinking } from './proxies.ts';

/** What an earlier run of this id hands on: records it still owes, and reports that arrived after its end. */
export interface Carry {
  debt?: Debt;
  listeners?: Listener[];
  later?: Arrival[];
  /** An incident that waits, where this run goes on with it. */
  incident?: CarriedIncident;
}

/** How long counts may lag behind in the incident's row while duplicates come in. */
const countEveryMs = 2000;

/**
 * One incident from its first report to its end (loop.md): classify, match, guard, decide, act or wait or alert,
 * verify, record, tell. Its result is the verdict for the caller.
 * @throws ApplicationFailure `InvalidReport` when the input is no report; the message names the field
 */
export async function HealWorkflow(input: Report, sent: Partial<HandedOn<Carry>> = {}): Promise<HealResult> {
  const report = asReport(input);
  const carry = carried(sent);
  const occurrences = new Occurrences(report, carry.debt === undefined, carry.incident?.counted);
  const inbox = new Inbox((signalled) => occurrences.isStart(signalled));
  const box: VerdictBox = { result: null };
  let run: HealRun | null = null;
  setHandler(reportSignal, (signalled, listener) =>
    inbox.receive(signalled, readListener(listener) ?? undefined),
  );
  setHandler(reportsSignal, (all: unknown) => {
    const list: unknown[] = Array.isArray(all) ? all : [all];
    list.forEach((signalled) => inbox.receive(signalled, undefined));
  });
  setHandler(verdictSignal, (result) => {
    box.result = readVerdict(result) ?? box.result;
  });
  let gone: HealRun['causeGone'] = null;
  setHandler(causeGoneSignal, (told) => {
    const read = readCauseGone(told);
    if (read === null) return;
    gone = occurrences.resolve(read.alert) ? read : null;
    if (gone === null) run?.note(`${read.detail}; another alert of this incident still fires`);
    if (run !== null) run.causeGone = gone;
  });
  setHandler(taskOutcomeSignal, (told) => {
    if (run !== null) run.taskOutcome = readTaskOutcome(told) ?? run.taskOutcome;
  });
  setHandler(ackSignal, (told) => {
    const ack = readAck(told);
    if (ack !== null) run?.takeOver(ack.by);
  });
  let incidentWorkflowId: string | null = null;
  const decidedAnew = () => run !== null && run.approvalBefore === null;
  const decide = async (sent: unknown) => {
    const read = readApproval(sent);
    if (!read.ok) return { accepted: false, reason: read.reason };
    // What an earlier run of this incident asked for: in a moment it is clear whether that still stands.
    if (carry.incident !== undefined && !decidedAnew()) await condition(decidedAnew, '10s');
    return run === null && incidentWorkflowId !== null
      ? { accepted: false, reason: `this run stands in front of ${incidentWorkflowId}: decide there` }
      : takeDecision(run, read.approval);
  };
  setHandler(decideUpdate, decide, { validator: refuseMalformed });
  setHandler(statusQuery, () => (run === null ? unclassified(box) : statusOf(run)));

  const classified =
    carry.incident?.classified ?? (await classifyFirst(input, carry.debt !== undefined, inbox));
  occurrences.startIsOver();
  if (report.dryRun === true) return dryRun(classified);
  incidentWorkflowId = `heal/${classified.classification.fingerprint}`;
  if (workflowInfo().workflowId !== incidentWorkflowId) {
    // A run that was to go on with an incident's debt, but whose own report is, by now, of another failure.
    if (carry.debt !== undefined) await oweElsewhere(carry.debt, workflowInfo().runId);
    carry.later?.forEach(({ report: later, listener }) => inbox.receive(later, listener));
    return standInFrontOf(incidentWorkflowId, { report: classified.report, box, inbox, occurrences });
  }

  const { incident } = carry;
  const incidentId = incident?.incidentId ?? workflowInfo().runId;
  const open = new HealRun(incidentId, classified, occurrences, carry.debt ?? noDebt());
  run = open;
  run.listeners.push(...(carry.listeners ?? []));
  if (incident === undefined) run.open();
  else restore(run, incident);
  // Before the incident was known as one.
  run.causeGone = gone;
  inbox.open(run);
  carry.later?.forEach(({ report: later, listener }) => inbox.receive(later, listener));
  void CancellationScope.nonCancellable(() => writeCounts(open));
  const outcome = await heal(run, incident);
  return CancellationScope.nonCancellable(() => settle(open, outcome, inbox));
}

/** What an earlier run hands on; of a first run only who waits for its verdict, as with every report. */
function carried(sent: Partial<HandedOn<Carry>>): Carry {
  const carry = handedOn<Carry>(sent);
  return { ...carry, listeners: readListeners((sent as Carry | null)?.listeners) };
}

/** @throws ApplicationFailure that names the field: the update is refused, and leaves no trace */
function refuseMalformed(approval: unknown): void {
  const read = readApproval(approval);
  if (!read.ok)
    throw ApplicationFailure.nonRetryable(`not a decision: ${read.reason}`, failureTypes.notADecision);
}

/** Finds the outcome. A person who cancels the run in the Temporal UI stops the healing, not the record of it. */
async function heal(run: HealRun, carried: CarriedIncident | undefined): Promise<Outcome> {
  try {
    if (carried !== undefined && 'wait' in carried) return await goOnWaiting(run, carried.wait);
    const { classification, place, report } = run.classified;
    const summary = `playbook for ${classification.errorType}`;
    const matched = await thinking.matchPlaybook.executeWithOptions({ summary }, [
      { report, classification, place },
    ]);
    run.metadata['catalogueSource'] = matched.source;
    run.similar = matched.similar;
    matched.problems.forEach((problem) => run.note(problem));
    const decision = await decideUnpaused(matched.facts, place, matched.pauses);
    run.note(`rule ${decision.rule}: ${decision.reason}`);
    return await carryOut(run, decision);
  } catch (error) {
    if (!isCancellation(error)) return failedStep(error);
    const reason = 'a person cancelled the run in Temporal';
    return { status: 'suppressed', verdict: giveUp(reason), reason, advice: {}, output: null, tell: false };
  }
}

/**
 * A look that could not be taken, however often it was tried, must not end the run without a word.
 * @throws what is no failed activity: a mistake in this code, which Temporal retries until it is mended
 */
function failedStep(error: unknown): Outcome {
  if (!(error instanceof ActivityFailure)) throw error;
  const reason = `the step ${error.activityType} could not be carried out: ${error.cause?.message ?? error.message}`;
  const advice = { en: 'Look at the worker and its way to the host, then at the target itself.' };
  return { status: 'escalated', verdict: giveUp(reason), reason, advice, output: null, tell: true };
}

/** Keeps the row's count fresh while duplicates come in: one write for many reports. */
async function writeCounts(run: HealRun): Promise<void> {
  while (run.outcome === null) {
    await condition(() => run.countChanged || run.outcome !== null);
    if (run.outcome !== null) return;
    await sleep(countEveryMs, { summary: 'counting duplicates' });
    if (run.outcome === null && run.countChanged) run.owe();
  }
}

function unclassified(box: VerdictBox) {
  return {
    incidentId: box.result?.incidentId ?? '',
    status: box.result?.status ?? ('open' as const),
    errorType: null,
    playbook: box.result?.playbook ?? null,
    actionType: box.result?.actionType ?? null,
    attempts: box.result?.attempts ?? 0,
    occurrences: box.result?.occurrences ?? 1,
    waitingFor: 'the incident of its fingerprint',
    until: null,
    verdict: box.result?.verdict ?? null,
    owed: { incidents: 0, healLogs: 0, insights: 0, messages: 0 },
    steps: [],
  };
}
