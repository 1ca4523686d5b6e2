import type { Classification } from '../playbook/playbook.ts';
import type { InsightRecord } from './records.ts';
import type { Report } from '../report/report.ts';
import { actions, type RecordedAction } from '../vocabulary/actions.ts';
import type { FinalStatus } from '../vocabulary/vocabulary.ts';

export interface HealedIncident {
  incidentId: string;
  report: Report;
  classification: Classification;
  playbook: string | null;
  actionType: RecordedAction | null;
  tried: string[];
  status: FinalStatus;
  reason: string;
  attempts: number;
  /** Something was really done to the target. */
  acted: boolean;
  durationMs: number;
}

/** ADR-013 A12: what an incident taught, as five things in plain words: event, symptom, action, result, lesson. */
export function composeInsight(incident: HealedIncident): InsightRecord {
  const { report, classification, status, playbook, actionType } = incident;
  const where =
    [report.task, report.target, report.host].filter((part) => part !== undefined).join(' on ') ||
    'somewhere';
  const message = report.error.message.slice(0, 1000);
  const type = report.error.type === undefined ? '' : `${report.error.type}: `;
  const seconds = (incident.durationMs / 1000).toFixed(1);
  const tried = incident.tried.length > 0 ? `: ${incident.tried.join('; ')}` : '';
  return {
    incidentId: incident.incidentId,
    insightType: 'auto_heal_playbook',
    event: `${classification.errorType} (${classification.severity}) at ${where}`,
    symptom: `${type}${message}`,
    action: `${actionType ?? 'no action'} by playbook ${playbook ?? 'none'}${tried}`.slice(0, 4000),
    result: `${status} after ${incident.attempts} attempt(s) in ${seconds} s: ${incident.reason}`,
    lesson: lessonOf(incident, where),
    metadata: {
      errorType: classification.errorType,
      fingerprint: classification.fingerprint,
      target: report.target ?? null,
      playbook,
      actionType,
      status,
      attempts: incident.attempts,
    },
  };
}

function lessonOf(incident: HealedIncident, where: string): string {
  const { status, classification, reason } = incident;
  const what = `${classification.errorType} at ${where}`;
  switch (status) {
    case 'resolved':
      return `For ${what}, ${whatHelped(incident)}.`;
    case 'escalated':
      return `For ${what}, ${whatDidNot(incident)}: ${reason}. Look for the cause, not the symptom.`;
    case 'alerted':
      return `For ${what} nothing is done automatically: ${reason}. When the cure is known, write a playbook.`;
    case 'refused':
      return `For ${what} the wanted action is not permitted: ${reason}.`;
    case 'suppressed':
      return `For ${what} nothing was done: ${reason}.`;
  }
}

function whatHelped({ playbook, actionType, attempts, acted, reason }: HealedIncident): string {
  const by = playbook ?? actionType ?? 'this';
  if (actionType === 'WAIT_RETRY') return `waiting helps (${by}, wait ${attempts}): ${reason}`;
  if (!acted) return `nothing had to be done, it was well again before: ${reason}`;
  return attempts <= 1 ? `${by} helps at the first attempt` : `${by} helps, but only at attempt ${attempts}`;
}

function whatDidNot({ playbook, actionType, attempts }: HealedIncident): string {
  if (attempts === 0) return 'nothing was tried';
  const by = playbook ?? actionType ?? 'this';
  return actionType !== null && actions[actionType].needs === 'command'
    ? `${by} only looks, and cures nothing`
    : `${by} did not help`;
}
