import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Arrival } from '../domain/incident/counting.ts';
import type { Debt } from '../domain/incident/debt.ts';
import type { Listener } from '../domain/incident/counting.ts';
import type { Approval, IncidentState } from '../domain/incident/state.ts';
import type { HealStatus } from '../domain/incident/views.ts';
import type { Report } from '../domain/report/report.ts';
import type { HealResult } from '../domain/incident/verdict.ts';

export type { Approval, HealStatus, Listener };

/** The messages that workflows exchange with callers and with one another (contract.md, Temporal). */

/** What an earlier run of this id hands on. */
export interface Carry {
  /** An incident that goes on in this run. */
  incident?: IncidentState;
  /** Of an incident that is over: records that are still owed, who waits, and reports that arrived after its end. */
  debt?: Debt;
  listeners?: Listener[];
  later?: Arrival[];
}

export type Heal = (report: Report, carry?: Carry) => Promise<HealResult>;
export type OwedRecords = (input: { debt: Debt }) => Promise<{ setAside: string[] }>;

/** In the memo of a run that goes on with an incident: its id is the first run's, and not this one's. */
export type IncidentMemo = Record<'incidentId', string>;

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

export const decideUpdate = defineUpdate<{ accepted: boolean; reason: string }, [Approval]>('decide');

export const statusQuery = defineQuery<HealStatus>('status');
