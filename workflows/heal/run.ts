import { CancellationScope, condition, setCurrentDetails } from '@temporalio/workflow';
import type { Classified } from '../../activities/classify.ts';
import { describeRun } from '../../domain/incident/details.ts';
import type { Hold } from '../../domain/guard/guard.ts';
import type { Notice } from '../../domain/message/notice.ts';
import type { Playbook } from '../../domain/playbook/playbook.ts';
import type { HealLogRecord } from '../../domain/incident/records.ts';
import { redactShort } from '../../domain/redact/redact.ts';
import type { Verdict } from '../../domain/incident/verdict.ts';
import type { HealLogResult, IncidentStatus, RecordedAction } from '../../domain/vocabulary/vocabulary.ts';
import type { Listener } from '../messages.ts';
import type { ApprovalRequest } from './approval.ts';
import { Owed, type Debt } from './owed.ts';
import type { Occurrences } from './occurrences.ts';
import { showAttributes } from './search-attributes.ts';
import { noticeOf, recordOf, statusOf } from './incident-seen.ts';

/** How long a state that an incident passes through lasts before it is shown and written: mostly the next one is there by then. */
const passingMs = 500;

/** States that a program passes through by itself. */
const passing: readonly IncidentStatus[] = ['open', 'acting', 'verifying'];

/** What one attempt did; becomes a heal log. */
export interface AttemptLog {
  attempt: number;
  actionType: RecordedAction;
  command: string | null;
  result: HealLogResult;
  output: string | null;
  error: string | null;
  startedAtMs: number;
  steps: { step: string; durationMs: number; detail: string }[];
}

/** How an incident was settled: from here on only records and messages are left. */
export interface Outcome {
  status: 'resolved' | 'alerted' | 'escalated' | 'suppressed' | 'refused';
  verdict: Verdict;
  reason: string;
  advice: Record<string, string>;
  output: string | null;
  /** False where people know already (a pause told once, a cooldown). */
  tell: boolean;
}

/** One incident while its run lasts: the state, and the few ways in which it changes. */
export class HealRun {
  readonly incidentId: string;
  readonly classified: Classified;
  readonly occurrences: Occurrences;
  readonly owed: Owed;
  readonly listeners: Listener[] = [];
  startedAtMs = Date.now();
  tried: string[] = [];
  steps: string[] = [];
  metadata: Record<string, unknown> = {};
  holds: Hold[] = [];
  playbook: Playbook | null = null;
  actionType: RecordedAction | null = null;
  attempts = 0;
  status: IncidentStatus = 'open';
  waitingFor: string | null = null;
  until: string | null = null;
  similar: string[] = [];
  outcome: Outcome | null = null;
  settledAtMs: number | null = null;
  /** It is settled, and duplicates still come in. */
  lingers = false;
  lastSeenAtMs = Date.now();
  causeGone: { by: string; detail: string } | null = null;
  taskOutcome: { ok: boolean; detail: string; by: string } | null = null;
  acknowledgedBy: string | null = null;
  approval: ApprovalRequest | null = null;
  /** What an earlier run of this incident asked for, until it is clear whether that still stands. */
  approvalBefore: ApprovalRequest | null = null;
  /** Duplicates came in since the row was last written. */
  countChanged = false;
  /** Whether a container that is well may be restarted: not by a program's request alone (ADR-013 A13). */
  mayRestartWell: boolean;
  /** Set once something was really done to the target. */
  fired = false;
  /** Counts the writes of the incident's row. */
  revision = 0;
  #changes = 0;

  constructor(incidentId: string, classified: Classified, occurrences: Occurrences, carried: Debt) {
    this.incidentId = incidentId;
    this.classified = classified;
    this.mayRestartWell = classified.report.action === undefined;
    this.occurrences = occurrences;
    this.owed = new Owed(carried, (what) => this.#recordSetAside(what));
  }

  /** A program or a model asks for an action by its report. */
  get isRequested(): boolean {
    return this.classified.report.action !== undefined;
  }

  get errorType(): string {
    return this.classified.classification.errorType;
  }

  /** ISO time of the failure: the reporter's, never later than the report's arrival. */
  get failedAt(): string {
    const { occurredAt } = this.classified.report;
    const told = occurredAt === undefined ? this.startedAtMs : Date.parse(occurredAt);
    return new Date(Math.min(told, this.startedAtMs)).toISOString();
  }

  /** A person takes it over. The others read who it is; what is still to be said of it is said all the same. */
  takeOver(by: string): void {
    if (this.acknowledgedBy === by) return;
    this.acknowledgedBy = by;
    this.metadata['acknowledgedBy'] = by;
    this.note(`taken over by ${by}`);
    this.owe();
    const noticeId = `${this.incidentId}/acknowledged/${by}`;
    this.owed.notice(this.notice('acknowledged', { noticeId, reason: this.waitingFor ?? this.status }));
  }

  note(step: string): void {
    this.steps.push(redactShort(step));
    this.#showDetails();
  }

  open(): void {
    this.become('open');
  }

  /** Moves the incident on, shows it in the Temporal UI, and owes its row. */
  become(status: IncidentStatus, waitingFor: string | null = null, until: string | null = null): void {
    this.status = status;
    this.waitingFor = waitingFor;
    this.until = until;
    this.#changes += 1;
    this.#showDetails();
    if (passing.includes(status)) this.#writeIfItLasts();
    else this.#showAndOwe();
  }

  /** One write, and one change of what is searched for, where a quick heal would have four. */
  #writeIfItLasts(): void {
    const change = this.#changes;
    void CancellationScope.nonCancellable(async () => {
      const summary = `${this.status}: its row is written if that lasts`;
      if (!(await condition(() => this.#changes !== change, passingMs, { summary }))) this.#showAndOwe();
    });
  }

  #showAndOwe(): void {
    showAttributes(this);
    this.owe();
  }

  /** The last words in the Temporal UI: nothing is waited for any more. */
  close(): void {
    this.waitingFor = null;
    this.until = null;
    this.#showDetails();
  }

  owe(): void {
    this.countChanged = false;
    if (this.isDryRun) return;
    this.revision += 1;
    this.owed.incident(recordOf(this));
  }

  get isDryRun(): boolean {
    return this.classified.report.dryRun === true;
  }

  log(entry: AttemptLog): void {
    const result = `attempt ${entry.attempt}, ${entry.actionType}: ${entry.result}`;
    const error = entry.error === null ? null : redactShort(entry.error);
    const line = error === null ? result : `${result} (${error})`;
    this.tried.push(line);
    this.note(line);
    const key = entry.attempt === 0 ? entry.result : String(entry.attempt);
    const record: HealLogRecord = {
      idempotencyKey: `${this.incidentId}/${key}`,
      incidentId: this.incidentId,
      playbook: this.playbook?.name ?? null,
      attempt: entry.attempt,
      actionType: entry.actionType,
      command: entry.command,
      result: entry.result,
      durationMs: Math.max(0, Date.now() - entry.startedAtMs),
      // Without its secrets already: the activity that ran the command removed them, and a workflow task has seconds.
      output: entry.output,
      error,
      startedAt: new Date(entry.startedAtMs).toISOString(),
      steps: entry.steps.map((step) => ({ ...step, detail: redactShort(step.detail) })),
    };
    this.owed.healLog(record);
  }

  notice(kind: Notice['kind'], more: Partial<Notice>): Notice {
    return { ...noticeOf(this, kind), ...more };
  }

  #recordSetAside(what: string): void {
    this.note(`set aside: ${what}`);
    const number = this.owed.setAside.length;
    const reason = `The database refuses a record for good, so it was set aside on the worker's disk: ${what}`;
    this.owed.notice(
      this.notice('record_refused', { noticeId: `${this.incidentId}/record_refused/${number}`, reason }),
    );
  }

  #showDetails(): void {
    setCurrentDetails(describeRun(statusOf(this), this.classified.report.error.message));
  }
}
