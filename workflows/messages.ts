import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Report } from '../domain/report/report.ts';
import type { HealResult, Verdict } from '../domain/incident/verdict.ts';
import type { IncidentStatus } from '../domain/vocabulary/vocabulary.ts';

/** The messages that workflows exchange with callers and with one another (contract.md, Temporal). */

/** A workflow that wants the verdict as soon as it is known, which is before the records are written. */
export interface Listener {
  workflowId: string;
  /** It will run the failed task again and tell how that went: `taskOutcome`. */
  tellsOutcome: boolean;
  /** How long its next run may take, in seconds. */
  outcomeTimeoutSec?: number;
}

/** Join an open incident. The second argument is for workflows that want the verdict. */
export const reportSignal = defineSignal<[Report, Listener?]>('report');

/** The same for many at once: what came in while a sender's last call was under way. */
export const reportsSignal = defineSignal<[Report[]]>('reports');

/**
 * The cause is gone, says the monitoring system: a waiting incident ends. With the fingerprint of an alert it is over
 * for that alert alone, and the incident ends once all are that it took in.
 */
export const causeGoneSignal = defineSignal<[{ by: string; detail: string; alert?: string }]>('causeGone');

/** How the failed task's next run went. */
export const taskOutcomeSignal = defineSignal<[{ ok: boolean; detail: string; by: string }]>('taskOutcome');

/** A person has taken the incident over: repeats stop, and the others are told who it is. */
export const ackSignal = defineSignal<[{ by: string }]>('ack');

/** From a HealWorkflow to its listeners. */
export const verdictSignal = defineSignal<[HealResult]>('verdict');

/** Lifts a hold. */
export const liftSignal = defineSignal('lift');

export interface Approval {
  approve: boolean;
  /** Telegram id or name of an active admin. */
  by: string;
  /** The one-use code of the request. */
  nonce: string;
  /** Telegram id of the chat where it was said, for the record; absent where it came another way. */
  chat?: string;
}

export const decideUpdate = defineUpdate<{ accepted: boolean; reason: string }, [Approval]>('decide');

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
  steps: string[];
}

export const statusQuery = defineQuery<HealStatus>('status');
