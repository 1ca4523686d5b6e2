import { workflowInfo } from '@temporalio/workflow';
import type { Notice } from '../../domain/message/notice.ts';
import type { IncidentRecord } from '../../domain/incident/records.ts';
import type { HealStatus } from '../messages.ts';
import type { HealRun } from './run.ts';

/** One incident as others see it: its row, a message about it, and the answer to the query `status`. */

export function recordOf(run: HealRun): IncidentRecord {
  const { report, classification, place } = run.classified;
  const settledAt = new Date().toISOString();
  return {
    id: run.incidentId,
    fingerprint: classification.fingerprint,
    errorType: classification.errorType,
    severity: classification.severity,
    source: report.source,
    task: report.task ?? null,
    host: place.host ?? report.host ?? null,
    target: report.target ?? null,
    message: report.error.message.slice(0, 8000),
    status: run.status,
    playbook: run.playbook?.name ?? null,
    occurrences: run.occurrences.count,
    attempts: run.attempts,
    workflowId: workflowInfo().workflowId,
    runId: workflowInfo().runId,
    firstSeenAt: new Date(run.startedAtMs).toISOString(),
    lastSeenAt: new Date(run.lastSeenAtMs).toISOString(),
    resolvedAt: run.status === 'resolved' ? settledAt : null,
    escalatedAt: run.status === 'escalated' ? settledAt : null,
    revision: run.revision,
    metadata: {
      ...run.metadata,
      reason: run.outcome?.reason ?? null,
      verdict: run.outcome?.verdict.kind ?? null,
      labels: report.labels ?? {},
    },
  };
}

export function noticeOf(run: HealRun, kind: Notice['kind']): Notice {
  const { report, classification, place } = run.classified;
  return {
    noticeId: `${run.incidentId}/${kind}`,
    kind,
    incidentId: run.incidentId,
    severity: classification.severity,
    errorType: classification.errorType,
    message: report.error.message.slice(0, 4000),
    task: report.task ?? null,
    host: place.host ?? report.host ?? null,
    target: report.target ?? null,
    playbook: run.playbook?.name ?? null,
    actionType: run.actionType,
    attempts: run.attempts,
    maxAttempts: run.playbook?.maxRetries ?? 0,
    occurrences: run.occurrences.count,
    tried: run.tried,
    reason: '',
    output: null,
    advice: run.playbook?.actionParams.advice ?? { en: 'Look at the incident and act by hand.' },
    similar: run.similar,
    workflowId: workflowInfo().workflowId,
    runId: workflowInfo().runId,
    until: run.until,
    nonce: null,
    acknowledgedBy: run.acknowledgedBy,
  };
}

export function statusOf(run: HealRun): HealStatus {
  const { incidents, healLogs, insights, notices } = run.owed.debt;
  return {
    incidentId: run.incidentId,
    status: run.status,
    errorType: run.errorType,
    playbook: run.playbook?.name ?? null,
    actionType: run.actionType,
    attempts: run.attempts,
    occurrences: run.occurrences.count,
    waitingFor: run.waitingFor,
    until: run.until,
    verdict: run.outcome?.verdict ?? null,
    owed: {
      incidents: incidents.length,
      healLogs: healLogs.length,
      insights: insights.length,
      messages: notices.length,
    },
    steps: run.steps,
  };
}
