/**
 * A `Client` of @temporalio/client. Told by its parts, because that package's own types ask a caller for settings that
 * are not everybody's.
 */
export interface TemporalClient {
  readonly connection: object;
  readonly workflow: object;
  readonly schedule: object;
  readonly options: object;
}

/** Who tells of a failure. */
export type Source =
  | 'task'
  | 'alertmanager'
  | 'grafana'
  | 'sentry'
  | 'cli'
  | 'api'
  | 'code_fix'
  | 'resource'
  | 'elephant_alpha'
  | 'canary';

/** P1 is the worst. */
export type Severity = 'P1' | 'P2' | 'P3' | 'P4';

/** What the failed program should do now. */
export interface Verdict {
  /** `retry_now`: run it again. `retry_at`: run it again at `at`. `give_up`: a person acts. */
  kind: 'retry_now' | 'retry_at' | 'give_up';
  /** ISO 8601, set for `retry_at` only. */
  at: string | null;
  /** Why, in a sentence for people. */
  reason: string;
}

export type IncidentStatus =
  | 'open'
  | 'waiting'
  | 'awaiting_approval'
  | 'acting'
  | 'verifying'
  | 'resolved'
  | 'alerted'
  | 'escalated'
  | 'suppressed'
  | 'refused';

/** How an incident ended. */
export interface HealResult {
  incidentId: string;
  status: IncidentStatus;
  playbook: string | null;
  actionType: 'DOCKER_RESTART' | 'SSH_CMD' | 'ALERT_ONLY' | 'WAIT_RETRY' | 'CODE_FIX' | null;
  /** How often something was done about it. */
  attempts: number;
  /** From the report's arrival to the decision's end, in ms. */
  durationMs: number;
  verdict: Verdict;
  /** How often the failure was reported, this time included. */
  occurrences: number;
  /** The incident that this report was counted on, where another run held it. */
  mergedInto?: string | undefined;
  /** Where the playbooks came from. */
  catalogueSource?: 'database' | 'snapshot' | 'seeds' | undefined;
  /** Why it went as it did, step by step. */
  steps?: string[] | undefined;
}

/** A report that AutoHeal has. */
export interface DeliveredReport {
  workflowId: string;
  runId: string;
  incidentId: string;
  /** It was counted on an incident that was open already. */
  joined: boolean;
}

/** How a report fared. Neither delivered nor spooled: it is lost, and `problem` says why. */
export interface HandedOver {
  delivered: boolean;
  /** Kept on disk; it is delivered by the next call, or by a worker that shares the state folder. */
  spooled: boolean;
  workflowId?: string;
  runId?: string;
  incidentId?: string;
  joined?: boolean;
  /** Set when it was waited for and known in time. */
  verdict?: Verdict;
  result?: HealResult;
  /** What went wrong, for people. */
  problem?: string;
}

/** What a caller knows about a failure beside the error itself. All of it is optional. */
export interface FailureContext {
  /** The scheduled task that failed, by its name in the estate file. */
  task?: string;
  /** Default: `task` where a task is named, else `api`. */
  source?: Source;
  host?: string;
  /** The container that the failure is about, as the estate file names it. */
  target?: string;
  severity?: Severity | undefined;
  labels?: Record<string, string>;
  /** ISO 8601 with an offset, or a Date; default: now. */
  occurredAt?: string | Date;
  /** The same id sent twice is counted once; default: a new one. */
  reportId?: string;
  /** Decide and explain, change nothing. */
  dryRun?: boolean;
}

export interface HandleOptions {
  /** For delivering, in ms; default 3000. What can't be delivered by then is kept on disk. */
  timeoutMs?: number;
  /** How long to wait for the verdict then, in ms; default 0. */
  waitForVerdictMs?: number;
}

export interface WithAutoHealOptions {
  host?: string;
  target?: string;
  source?: Source;
  severity?: Severity | undefined;
  labels?: Record<string, string>;
  /** How often the task may run, the first run included; default 3. 1: it isn't safe to run twice. */
  maxRuns?: number;
  /** How long to wait for a verdict after a failure, in ms; default 30 minutes. */
  waitForVerdictMs?: number;
  /** The longest pause that `retry_at` may ask for, in ms; default 1 hour. */
  maxPauseMs?: number;
  /** Told after each failure what became of its report: which incident it is, and the verdict. */
  onReported?: (handed: HandedOver) => void;
}

/** An action that a program asks for. It goes through the same policy as every other, and may be refused. */
export interface RequestedAction {
  source: 'code_fix' | 'resource' | 'elephant_alpha' | 'api';
  /** `DOCKER_RESTART`, `SSH_CMD`, `ALERT_ONLY`, `WAIT_RETRY` or `CODE_FIX`. */
  type: string;
  target?: string;
  command?: string;
  /** Free text, a model's for example: read by people, never a part of a command. */
  note?: string;
  /** Why it is wanted, in a sentence. */
  reason: string;
}

/** What may be given instead of the environment's configuration. */
export interface AutoHealOptions {
  /** A client of the caller's own; it is not closed here. Absent: one by the configuration. */
  client?: TemporalClient;
  /** host:port of Temporal, instead of TEMPORAL_ADDRESS. */
  address?: string;
  namespace?: string;
  taskQueue?: string;
  /** The state folder, where reports are kept while Temporal is away. */
  home?: string;
  /** Told in a line what the caller's people should know. Default: standard error. */
  log?: (line: string) => void;
}

export interface AutoHeal {
  /**
   * Reports a failure.
   * @throws DeliveryProblem when Temporal is away or refuses; the report is not kept then
   */
  reportException(
    error: unknown,
    context?: FailureContext,
    options?: { timeoutMs?: number },
  ): Promise<DeliveredReport>;
  /** Reports a failure, or keeps the report for later. It never throws, and ends in bounded time. */
  handleException(error: unknown, context?: FailureContext, options?: HandleOptions): Promise<HandedOver>;
  /** Runs a task and does as the verdict says when it fails; what it throws comes through unchanged. */
  withAutoHeal<T>(
    task: string,
    run: (attempt: number) => Promise<T> | T,
    options?: WithAutoHealOptions,
  ): Promise<T>;
  /**
   * Asks for an action.
   * @throws TypeError naming the field, when the request is not valid
   * @throws DeliveryProblem when Temporal is away or refuses
   */
  requestAction(request: RequestedAction): Promise<DeliveredReport>;
  /** Ends the connection to Temporal, unless it is the caller's own. */
  close(): Promise<void>;
}

/** Nothing is read or connected before it is used. */
export function createAutoHeal(options?: AutoHealOptions): AutoHeal;

/** `reportException` of an AutoHeal that is configured by the environment. */
export const reportException: AutoHeal['reportException'];
/** `handleException` of an AutoHeal that is configured by the environment. */
export const handleException: AutoHeal['handleException'];
/** `withAutoHeal` of an AutoHeal that is configured by the environment. */
export const withAutoHeal: AutoHeal['withAutoHeal'];
/** `requestAction` of an AutoHeal that is configured by the environment. */
export const requestAction: AutoHeal['requestAction'];

/** Why a report could not be handed over. */
export type DeliveryProblemCode =
  /** Temporal can't be reached, or gives no answer in time. Later it may. */
  | 'TEMPORAL_AWAY'
  /** Temporal takes no more for the moment. Later it will. */
  | 'OVERLOADED'
  /** Temporal won't let us in, or has no such namespace. Somebody has to change something first. */
  | 'TEMPORAL_REFUSES'
  /** This one report can't be taken as it is. Sending it again won't help. */
  | 'REPORT_REFUSED'
  /** The incident's run was ended by hand, or failed, while its verdict was waited for. */
  | 'INCIDENT_ENDED';

/** The message is a sentence for people. */
export class DeliveryProblem extends Error {
  constructor(code: DeliveryProblemCode, message: string, cause?: unknown);
  override readonly name: 'DeliveryProblem';
  readonly code: DeliveryProblemCode;
  /** Seconds after which another try makes sense, where it does. */
  readonly retryAfterSec: number | null;
}
