import { isWitness } from '../report/witness.ts';
import type { Decision } from './decide.ts';
import type { Hold } from '../guard/guard.ts';
import type { PlacedReport } from '../report/place-report.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Report } from '../report/report.ts';
import type { HealResult } from './verdict.ts';
import type { RecordedAction } from '../vocabulary/actions.ts';
import type { IncidentStatus } from '../vocabulary/vocabulary.ts';
import { firstCount, type Counted, type Listener } from './counting.ts';
import type { Reason } from '../message/reasons.ts';
import { noDebt, type Debt } from './debt.ts';
import type { Outcome } from './outcome.ts';

/** What this deployment wants of a run: read by `classify` once, so that the run itself stays deterministic. */
export interface RunSettings {
  /** False where the server has no custom search attributes (the time-skipping test server). */
  searchAttributes: boolean;
  /** A wait longer than this is told when it begins (loop.md, Messages). */
  tellWaitsOverSec: number;
}

export interface Classified extends PlacedReport {
  settings: RunSettings;
}

export interface Approval {
  approve: boolean;
  /** Telegram id or name of an active admin. */
  by: string;
  /** The one-use code of the request. */
  nonce: string;
  /** Telegram id of the chat where it was said, for the record; absent where it came another way. */
  chat?: string;
  /** Why, in the person's words. */
  reason?: string;
}

/** A request for a person's decision: one-use code, and the decision once it is there. */
export interface ApprovalRequest {
  nonce: string;
  /** What people were shown: an answer is to this, and to nothing else. */
  asked: string;
  playbook: Playbook | null;
  /** ISO time: no decision by then is a no. */
  until: string;
  /** What was seen of the target when a person was asked; null where there is nothing to see. */
  situation: string | null;
  decision: (Approval & { name: string }) | null;
}

export type Waiting = Extract<Decision, { kind: 'wait' }>;

/** How far a wait has come: what a run needs to go on with one that an earlier run began. */
export interface WaitProgress {
  decision: Waiting;
  windowsMs: number[];
  /** Attempts that came before, of an action that turned out to be forbidden, keep their numbers. */
  attemptsBefore: number;
  /** Which of the windows it is in, since when, and how often the failure had been reported then. */
  at: number;
  begunMs: number;
  countBefore: number;
}

/**
 * All that an incident is: plain data, and exactly what its run carries over when it goes on as a new one. It changes
 * by the functions of transitions.ts alone; what is recorded, told, shown and answered are functions of it (views.ts).
 */
export type IncidentState = Readonly<{
  incidentId: string;
  /** Of the run that it is in now. */
  runId: string;
  classified: Classified;
  counted: Counted;
  listeners: readonly Listener[];
  startedAtMs: number;
  lastSeenAtMs: number;
  status: IncidentStatus;
  waitingFor: string | null;
  /** ISO time until which it waits. */
  until: string | null;
  catalogueSource: HealResult['catalogueSource'] | null;
  /** Similar past cases, a line each. */
  similar: string[];
  playbook: Playbook | null;
  actionType: RecordedAction | null;
  attempts: number;
  /** What was tried and what came of it. */
  tried: readonly Reason[];
  steps: string[];
  holds: readonly Hold[];
  /** Something was really done to the target. */
  fired: boolean;
  /** Whether a container that is well may be restarted: not by a program's request alone (ADR-013 A13). */
  mayRestartWell: boolean;
  wait: WaitProgress | null;
  approval: ApprovalRequest | null;
  /** What an earlier run of this incident asked for, until it is clear whether that still stands. */
  approvalBefore: ApprovalRequest | null;
  /** How the last request was decided, for the record. */
  approved: {
    by: string;
    name: string;
    chat: string | null;
    approve: boolean;
    asked: string;
    reason?: string;
  } | null;
  causeGone: { by: string; detail: string; alert?: string } | null;
  taskOutcome: { ok: boolean; detail: string; by: string } | null;
  acknowledgedBy: string | null;
  outcome: Outcome | null;
  settledAtMs: number | null;
  /** It is settled, and duplicates still come in. */
  lingers: boolean;
  debt: Debt;
  /** Records that the database refuses for good: on disk, and named here with the reason. */
  setAside: readonly string[];
  /** Counts the writes of the incident's row. */
  revision: number;
}>;

/**
 * A new incident. @param report the one that opened it, as it came
 * @param more what an earlier run of the same id hands on
 */
export function opened(
  runId: string,
  report: Report,
  classified: Classified,
  nowMs: number,
  more: { debt?: Debt | undefined; listeners?: Listener[] | undefined } = {},
): IncidentState {
  return {
    incidentId: runId,
    runId,
    classified,
    counted: firstCount(report),
    listeners: more.listeners ?? [],
    startedAtMs: nowMs,
    lastSeenAtMs: nowMs,
    status: 'open',
    waitingFor: null,
    until: null,
    catalogueSource: null,
    similar: [],
    playbook: null,
    actionType: null,
    attempts: 0,
    tried: [],
    steps: [],
    holds: [],
    fired: false,
    mayRestartWell: isWitness(classified.report),
    wait: null,
    approval: null,
    approvalBefore: null,
    approved: null,
    causeGone: null,
    taskOutcome: null,
    acknowledgedBy: null,
    outcome: null,
    settledAtMs: null,
    lingers: false,
    debt: more.debt ?? noDebt,
    setAside: [],
    revision: 0,
  };
}

/** A program or a model asks for an action by its report. */
export const isRequested = ({ classified }: IncidentState): boolean => classified.report.action !== undefined;

/** ISO time of the failure: the reporter's, never later than the report's arrival. */
export function failedAt({ classified, startedAtMs }: IncidentState): string {
  const { occurredAt } = classified.report;
  const told = occurredAt === undefined ? startedAtMs : Date.parse(occurredAt);
  return new Date(Math.min(told, startedAtMs)).toISOString();
}
