import { describeClassification } from '../report/describe-classification.ts';
import { failureOf, type Claim, type Hold } from '../guard/guard.ts';
import type { Place } from './decide.ts';
import { composeInsight } from './insight.ts';
import { innermostFrame } from '../message/frame.ts';
import type { Notice } from '../message/notice.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { IncidentRecord, InsightRecord } from './records.ts';
import type { HealResult, Verdict } from './verdict.ts';
import type { IncidentStatus } from '../vocabulary/vocabulary.ts';
import { healWorkflowId } from '../workflow-ids.ts';
import type { Outcome } from './outcome.ts';
import { failedAt, type IncidentState } from './state.ts';
import { inEnglish } from '../message/reasons.ts';

/** One incident as others see it: its row, a message, what callers are answered, what Temporal's UI shows. */

/** An incident as it stands. `verdict` is null until it is known; `owed` counts records not yet written. */
export interface HealStatus {
  incidentId: string;
  status: IncidentStatus;
  errorType: string | null;
  playbook: string | null;
  actionType: string | null;
  attempts: number;
  occurrences: number;
  waitingFor: string | null;
  until: string | null;
  verdict: Verdict | null;
  owed: { incidents: number; healLogs: number; insights: number; messages: number };
  /** What the failure was read as, and by what, in one line. */
  classified?: string;
  steps: string[];
}

const iso = (ms: number): string => new Date(ms).toISOString();

const workflowIdOf = ({ classified }: IncidentState): string =>
  healWorkflowId(classified.classification.fingerprint);

export function recordOf(state: IncidentState): IncidentRecord {
  const { classified, status, catalogueSource, approved, acknowledgedBy, outcome } = state;
  const { report, classification, place } = classified;
  const settledAt = state.settledAtMs === null ? null : iso(state.settledAtMs);
  return {
    id: state.incidentId,
    fingerprint: classification.fingerprint,
    errorType: classification.errorType,
    severity: classification.severity,
    source: report.source,
    task: report.task ?? null,
    host: place.host ?? report.host ?? null,
    target: report.target ?? null,
    message: report.error.message.slice(0, 8000),
    status,
    playbook: state.playbook?.name ?? null,
    occurrences: state.counted.count,
    attempts: state.attempts,
    workflowId: workflowIdOf(state),
    runId: state.runId,
    firstSeenAt: iso(state.startedAtMs),
    lastSeenAt: iso(state.lastSeenAtMs),
    resolvedAt: status === 'resolved' ? settledAt : null,
    escalatedAt: status === 'escalated' ? settledAt : null,
    revision: state.revision,
    metadata: {
      ...(catalogueSource === null ? {} : { catalogueSource }),
      ...(approved === null ? {} : { approval: approved }),
      ...(acknowledgedBy === null ? {} : { acknowledgedBy }),
      classified: describeClassification(state.classified.classification),
      reason: outcome?.reason ?? null,
      verdict: outcome?.verdict.kind ?? null,
      labels: report.labels ?? {},
    },
  };
}

export function noticeOf(
  state: IncidentState,
  kind: Notice['kind'],
  more: Partial<Notice> & { reason: string },
): Notice {
  const { report, classification, place } = state.classified;
  return {
    noticeId: `${state.incidentId}/${kind}`,
    kind,
    incidentId: state.incidentId,
    severity: classification.severity,
    errorType: classification.errorType,
    message: report.error.message.slice(0, 4000),
    task: report.task ?? null,
    host: place.host ?? report.host ?? null,
    target: report.target ?? null,
    playbook: state.playbook?.name ?? null,
    actionType: state.actionType,
    attempts: state.attempts,
    maxAttempts: state.playbook?.maxRetries ?? 0,
    occurrences: state.counted.count,
    tried: state.tried.map(inEnglish),
    triedWhy: [...state.tried],
    output: null,
    advice: state.playbook?.actionParams.advice ?? { en: 'Look at the incident and act by hand.' },
    similar: state.similar,
    workflowId: workflowIdOf(state),
    runId: state.runId,
    until: state.until,
    nonce: null,
    acknowledgedBy: state.acknowledgedBy,
    decidedBy:
      state.approved === null ? null : `${state.approved.approve ? '✅' : '⛔'} ${state.approved.name}`,
    failedAt: failedAt(state),
    exception: exceptionOf(report.error),
    ...more,
  };
}

/** `KeyError, jobs/import.py:41 in run`: what the message alone may not say. */
function exceptionOf({
  type,
  traceback,
}: {
  type?: string | undefined;
  traceback?: string | undefined;
}): string | null {
  const parts = [type, innermostFrame(traceback)].filter((part) => part != null);
  return parts.length === 0 ? null : parts.join(', ');
}

/** What people are told at the end. */
export function lastNotice(state: IncidentState, found: Outcome): Notice {
  const { status, reason, why, advice, output, relapse = false, verdict } = found;
  const hasAdvice = Object.keys(advice).length > 0;
  const kind = status === 'suppressed' ? (relapse ? 'relapsed' : 'paused') : status;
  const until = relapse ? { until: verdict.at } : {};
  return noticeOf(state, kind, { reason, why, output, ...until, ...(hasAdvice ? { advice } : {}) });
}

export function insightOf(state: IncidentState, { status, reason }: Outcome): InsightRecord {
  const { report, classification } = state.classified;
  return composeInsight({
    incidentId: state.incidentId,
    report,
    classification,
    playbook: state.playbook?.name ?? null,
    actionType: state.actionType,
    tried: state.tried.map(inEnglish),
    status,
    reason,
    attempts: state.attempts,
    acted: state.fired,
    durationMs: (state.settledAtMs ?? state.startedAtMs) - state.startedAtMs,
  });
}

/** The run's result for callers (contract.md); before its end, an answer for those who are to try again meanwhile. */
export function resultOf(state: IncidentState, verdict: Verdict, nowMs: number): HealResult {
  return {
    incidentId: state.incidentId,
    status: state.status,
    playbook: state.playbook?.name ?? null,
    actionType: state.actionType,
    attempts: state.attempts,
    durationMs: Math.max(0, (state.settledAtMs ?? nowMs) - state.startedAtMs),
    verdict,
    occurrences: state.counted.count,
    ...(state.catalogueSource === null ? {} : { catalogueSource: state.catalogueSource }),
    steps: state.steps,
  };
}

export function statusOf(state: IncidentState): HealStatus {
  const { incidents, healLogs, insights, notices } = state.debt;
  return {
    incidentId: state.incidentId,
    status: state.status,
    errorType: state.classified.classification.errorType,
    playbook: state.playbook?.name ?? null,
    actionType: state.actionType,
    attempts: state.attempts,
    occurrences: state.counted.count,
    waitingFor: state.waitingFor,
    until: state.until,
    verdict: state.outcome?.verdict ?? null,
    owed: {
      incidents: incidents.length,
      healLogs: healLogs.length,
      insights: insights.length,
      messages: notices.length,
    },
    steps: state.steps,
    classified: describeClassification(state.classified.classification),
  };
}

/** The values of the search attributes that are set, by their names. */
export function attributesOf({ classified, status, playbook }: IncidentState): [string, string][] {
  const { report, classification } = classified;
  return [
    ['AutoHealStatus', status],
    ['AutoHealErrorType', classification.errorType],
    ['AutoHealSeverity', classification.severity],
    ...(playbook === null ? [] : [['AutoHealPlaybook', playbook.name] as [string, string]]),
    ...(report.target === undefined ? [] : [['AutoHealTarget', keyword(report.target)] as [string, string]]),
    ...(report.task === undefined ? [] : [['AutoHealTask', keyword(report.task)] as [string, string]]),
  ];
}

/** A list that is kept in PostgreSQL takes 255 characters and no NUL; a longer one would never show up there. */
const keyword = (text: string): string => text.replace(/[\p{Cc}\p{Cs}]/gu, '\uFFFD').slice(0, 200);

/** What the guard is asked for. */
export function claimOf(
  state: IncidentState,
  playbook: Playbook,
  { host, target }: Pick<Place, 'host' | 'target'>,
  more: Pick<Claim, 'sideEffect' | 'peek' | 'attempt'>,
): Claim {
  const { report, classification } = state.classified;
  return {
    incidentId: state.incidentId,
    workflowId: workflowIdOf(state),
    runId: state.runId,
    playbook: playbook.name,
    host,
    target,
    cooldownMin: playbook.cooldownMin,
    failure: failureOf(report, classification.fingerprint),
    ...more,
  };
}

/**
 * The holds that are given back at the end. A lease always is; what counts restarts stays, unless nothing was done to
 * the target. A playbook that found the container well didn't fire, so it does not cool down either.
 */
export function holdsToRelease({ holds, outcome, actionType, fired }: IncidentState): Hold[] {
  const adopted = outcome?.status === 'resolved' && actionType === 'DOCKER_RESTART';
  const counts = fired || !(adopted || outcome?.status === 'suppressed');
  return holds.filter(({ kind }) => kind === 'lease' || (kind === 'cooldown' ? !counts : !fired));
}
