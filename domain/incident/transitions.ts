import type { Decision, Refusal } from './decide.ts';
import type { Hold } from '../guard/guard.ts';
import { outlookOf } from './outlook.ts';
import type { HealLogRecord } from './records.ts';
import { redactShort } from '../redact/redact.ts';
import { recordedActions, type RecordedAction } from '../vocabulary/actions.ts';
import type { HealLogResult, IncidentStatus } from '../vocabulary/vocabulary.ts';
import { counted, resolvedAlert, type Arrival } from './counting.ts';
import { healLogOwed, insightOwed, noticeOwed, rowOwed } from './debt.ts';
import type { Outcome } from './outcome.ts';
import type { Approval, ApprovalRequest, IncidentState, WaitProgress } from './state.ts';
import { insightOf, lastNotice, noticeOf, recordOf } from './views.ts';
import { because, inEnglish, inWords, withArgs } from '../message/reasons.ts';

/** The ways in which an incident changes: pure functions of what it was and what happened. */

/** What one attempt did; becomes a heal log. Attempt 0 is none: what was not done, and why. */
export interface Attempt {
  attempt: number;
  actionType: RecordedAction;
  result: HealLogResult;
  startedAtMs: number;
  command?: string | null;
  output?: string | null;
  error?: string | null;
  steps?: HealLogRecord['steps'];
}

/** Goes on in a new run of its workflow. What was asked of a person is decided anew, up to that request. */
export const resumed = (state: IncidentState, runId: string): IncidentState =>
  noted(
    { ...state, runId, approval: null, approvalBefore: state.approval },
    'goes on as a new run: the last one had become long',
  );

export const noted = (state: IncidentState, step: string): IncidentState => ({
  ...state,
  steps: [...state.steps, redactShort(step)],
});

export const moved = (
  state: IncidentState,
  status: IncidentStatus,
  waitingFor: string | null = null,
  until: string | null = null,
): IncidentState => ({ ...state, status, waitingFor, until });

/** A report of the failure arrived: its sender is answered, and it is counted unless it was. */
export function reported(
  state: IncidentState,
  { report, listener, isStart }: Arrival,
  nowMs: number,
): IncidentState {
  const isNew =
    listener !== undefined && !state.listeners.some(({ workflowId }) => workflowId === listener.workflowId);
  const joined = isNew ? { ...state, listeners: [...state.listeners, listener] } : state;
  const count = isStart === true ? state.counted : counted(state.counted, report);
  if (count === state.counted) return joined;
  // What was said to be over has begun anew, or goes on for another alert.
  const stillGone = count.alerts.length === 0 ? state.causeGone : null;
  return { ...joined, counted: count, lastSeenAtMs: nowMs, causeGone: stillGone };
}

/** The cause is gone, says the monitoring system; the incident's only once no alert that it took in fires any more. */
export function causeGone(
  state: IncidentState,
  told: NonNullable<IncidentState['causeGone']>,
): IncidentState {
  const next = { ...state, counted: resolvedAlert(state.counted, told.alert) };
  return next.counted.alerts.length === 0
    ? { ...next, causeGone: told }
    : noted({ ...next, causeGone: null }, `${told.detail}; another alert of this incident still fires`);
}

/** A person takes it over. The others read who it is; what is still to be said of it is said all the same. */
export function takenOver(before: IncidentState, by: string): IncidentState {
  if (before.acknowledgedBy === by) return before;
  const state = written(noted({ ...before, acknowledgedBy: by }, `taken over by ${by}`));
  const noticeId = `${state.incidentId}/acknowledged/${by}`;
  return told(state, 'acknowledged', { noticeId, reason: state.waitingFor ?? state.status });
}

export const matched = (
  state: IncidentState,
  {
    source,
    similar,
    problems,
  }: {
    source: NonNullable<IncidentState['catalogueSource']>;
    similar: string[];
    problems: string[];
  },
): IncidentState => problems.reduce(noted, { ...state, catalogueSource: source, similar });

export function decided(state: IncidentState, decision: Decision): IncidentState {
  const playbook = 'playbook' in decision ? decision.playbook : null;
  const asked = recordedActions.find((type) => type === state.classified.report.action?.type);
  const actionType =
    decision.kind === 'refuse'
      ? (asked ?? playbook?.actionType ?? 'ALERT_ONLY')
      : outlookOf(decision.kind).actionType;
  return noted({ ...state, playbook, actionType }, `rule ${decision.rule}: ${decision.reason}`);
}

/** Rule 5: what the playbook wanted, why it may not, and what it became. */
export function downgraded(state: IncidentState, refusal: Refusal, nowMs: number): IncidentState {
  const { rule, reason, became, wayForward } = refusal;
  const error = `${rule}: ${reason}; became ${became}. ${wayForward}`;
  const wanted = state.playbook?.actionType ?? 'DOCKER_RESTART';
  return { ...notDone(state, 'refused', error, nowMs, wanted), actionType: became };
}

export const holding = (state: IncidentState, holds: readonly Hold[]): IncidentState => ({ ...state, holds });

export const attemptBegun = (state: IncidentState, attempt: number): IncidentState => ({
  ...state,
  attempts: attempt,
});

/** From now on something may have been done to the target. */
export const firing = (state: IncidentState): IncidentState => ({ ...state, fired: true });

/** The last attempt turns out to have done nothing. */
export const notFired = (state: IncidentState): IncidentState => ({ ...state, fired: state.attempts > 1 });

export function attempted(state: IncidentState, done: Attempt, nowMs: number): IncidentState {
  const error = done.error == null ? null : redactShort(done.error);
  const { attempt, actionType, result } = done;
  const tried = because('tried', { attempt, action: actionType, result, error: error ?? '' });
  const record: HealLogRecord = {
    idempotencyKey: `${state.incidentId}/${done.attempt === 0 ? done.result : done.attempt}`,
    incidentId: state.incidentId,
    playbook: state.playbook?.name ?? null,
    attempt: done.attempt,
    actionType: done.actionType,
    command: done.command ?? null,
    result: done.result,
    durationMs: Math.max(0, nowMs - done.startedAtMs),
    // Without its secrets already: the activity that ran the command removed them, and a workflow task has seconds.
    output: done.output ?? null,
    error,
    startedAt: new Date(done.startedAtMs).toISOString(),
    steps: (done.steps ?? []).map((step) => ({ ...step, detail: redactShort(step.detail) })),
  };
  return noted(
    { ...state, tried: [...state.tried, tried], debt: healLogOwed(state.debt, record) },
    inEnglish(tried),
  );
}

/** A heal log beside the attempts: what was not done, and why. At most one of each result in an incident. */
export const notDone = (
  state: IncidentState,
  result: 'refused' | 'skipped',
  error: string,
  nowMs: number,
  actionType: RecordedAction = state.actionType ?? 'ALERT_ONLY',
): IncidentState => attempted(state, { attempt: 0, actionType, result, error, startedAtMs: nowMs }, nowMs);

export const waits = (state: IncidentState, wait: WaitProgress): IncidentState => ({ ...state, wait });

export const asks = (state: IncidentState, approval: ApprovalRequest): IncidentState => ({
  ...state,
  approval,
  approvalBefore: null,
});

/** A person decides on the open request; nobody does so twice. */
export const answered = (state: IncidentState, decision: Approval & { name: string }): IncidentState =>
  state.approval?.nonce === decision.nonce && state.approval.decision === null
    ? { ...state, approval: { ...state.approval, decision } }
    : state;

/** The open request is over: decided, or past its deadline. */
export function askedEnough(state: IncidentState): IncidentState {
  const { decision, asked } = state.approval ?? { decision: null, asked: '' };
  const closed = { ...state, approval: null };
  if (decision === null) return closed;
  const { by, name, approve, chat = null, reason } = decision;
  const next = noted(
    { ...closed, approved: { by, name, chat, approve, asked, ...(reason === undefined ? {} : { reason }) } },
    `${approve ? 'approved' : 'denied'} by ${name}`,
  );
  return told(next, 'decided', { noticeId: `${state.incidentId}/decided/${decision.nonce}`, reason: asked });
}

/** The state of the incident is owed to its row. */
export function written(state: IncidentState): IncidentState {
  const { count } = state.counted;
  const next = { ...state, revision: state.revision + 1, counted: { ...state.counted, written: count } };
  return { ...next, debt: rowOwed(next.debt, recordOf(next)) };
}

export const told = (...[state, kind, more]: Parameters<typeof noticeOf>): IncidentState => ({
  ...state,
  debt: noticeOwed(state.debt, noticeOf(state, kind, more)),
});

/** The database refuses a record for good: it is on the worker's disk, and a person is told. */
export function setAside(before: IncidentState, what: string): IncidentState {
  const state = noted({ ...before, setAside: [...before.setAside, what] }, `set aside: ${what}`);
  return told(state, 'record_refused', {
    noticeId: `${state.incidentId}/record_refused/${state.setAside.length}`,
    ...inWords(because('record_refused', { what })),
  });
}

export function settled(state: IncidentState, found: Outcome, nowMs: number): IncidentState {
  const reason = redactShort(found.reason);
  const verdict = { ...found.verdict, reason: redactShort(found.verdict.reason) };
  const outcome: Outcome = { ...found, verdict, reason, why: withArgs(found.why, redactShort) };
  const over = { wait: null, approval: null, approvalBefore: null };
  return noted({ ...state, ...over, outcome, settledAtMs: nowMs }, `${outcome.status}: ${reason}`);
}

/** What it taught is owed to the knowledge base, and the last message to people, where they don't know already. */
export function lastWordsOwed(state: IncidentState): IncidentState {
  const { outcome } = state;
  if (outcome === null) return state;
  const taught =
    outcome.status === 'suppressed' ? state.debt : insightOwed(state.debt, insightOf(state, outcome));
  return { ...state, debt: outcome.tell ? noticeOwed(taught, lastNotice(state, outcome)) : taught };
}
