import {
  CancellationScope,
  condition,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Classified } from '../../activities/classify.ts';
import { describeRun } from '../../domain/details.ts';
import type { Hold } from '../../domain/guard.ts';
import type { Notice } from '../../domain/notice.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { HealLogRecord, IncidentRecord } from '../../domain/records.ts';
import { redact } from '../../domain/redact.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { HealLogResult, IncidentStatus, RecordedAction } from '../../domain/vocabulary.ts';
import type { HealStatus, Listener } from '../messages.ts';
import type { ApprovalRequest } from './approval.ts';
import { Owed, type Debt } from './owed.ts';
import type { Occurrences } from './occurrences.ts';

/** How long a state that an incident passes through lasts before it is shown and written: mostly the next one is there by then. */
const passingMs = 500;

/** States that a program passes through by itself. */
const passing: readonly IncidentStatus[] = ['open', 'acting', 'verifying'];

const attribute = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const attributes = {
  status: attribute('AutoHealStatus'),
  errorType: attribute('AutoHealErrorType'),
  playbook: attribute('AutoHealPlaybook'),
  target: attribute('AutoHealTarget'),
  severity: attribute('AutoHealSeverity'),
  task: attribute('AutoHealTask'),
};

/** A list that is kept in PostgreSQL takes 255 characters and no NUL; a longer one would never show up there. */
const keyword = (text: string): string => text.replace(/[\p{Cc}\p{Cs}]/gu, '\uFFFD').slice(0, 200);

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

  note(step: string): void {
    this.steps.push(redact(step));
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
    this.#showAttributes();
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
    if (!this.isDryRun) this.owed.incident(this.record());
  }

  get isDryRun(): boolean {
    return this.classified.report.dryRun === true;
  }

  log(entry: AttemptLog): void {
    const result = `attempt ${entry.attempt}, ${entry.actionType}: ${entry.result}`;
    const error = entry.error === null ? null : redact(entry.error);
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
      output: entry.output === null ? null : redact(entry.output),
      error,
      startedAt: new Date(entry.startedAtMs).toISOString(),
      steps: entry.steps.map((step) => ({ ...step, detail: redact(step.detail) })),
    };
    this.owed.healLog(record);
  }

  record(): IncidentRecord {
    const { report, classification, place } = this.classified;
    const settledAt = new Date().toISOString();
    this.revision += 1;
    return {
      id: this.incidentId,
      fingerprint: classification.fingerprint,
      errorType: classification.errorType,
      severity: classification.severity,
      source: report.source,
      task: report.task ?? null,
      host: place.host ?? report.host ?? null,
      target: report.target ?? null,
      message: report.error.message.slice(0, 8000),
      status: this.status,
      playbook: this.playbook?.name ?? null,
      occurrences: this.occurrences.count,
      attempts: this.attempts,
      workflowId: workflowInfo().workflowId,
      runId: workflowInfo().runId,
      firstSeenAt: new Date(this.startedAtMs).toISOString(),
      lastSeenAt: new Date(this.lastSeenAtMs).toISOString(),
      resolvedAt: this.status === 'resolved' ? settledAt : null,
      escalatedAt: this.status === 'escalated' ? settledAt : null,
      revision: this.revision,
      metadata: {
        ...this.metadata,
        reason: this.outcome?.reason ?? null,
        verdict: this.outcome?.verdict.kind ?? null,
        labels: report.labels ?? {},
      },
    };
  }

  notice(kind: Notice['kind'], more: Partial<Notice>): Notice {
    const { report, classification, place } = this.classified;
    return {
      noticeId: `${this.incidentId}/${kind}`,
      kind,
      incidentId: this.incidentId,
      severity: classification.severity,
      errorType: classification.errorType,
      message: report.error.message.slice(0, 4000),
      task: report.task ?? null,
      host: place.host ?? report.host ?? null,
      target: report.target ?? null,
      playbook: this.playbook?.name ?? null,
      actionType: this.actionType,
      attempts: this.attempts,
      maxAttempts: this.playbook?.maxRetries ?? 0,
      occurrences: this.occurrences.count,
      tried: this.tried,
      reason: '',
      output: null,
      advice: this.playbook?.actionParams.advice ?? { en: 'Look at the incident and act by hand.' },
      similar: this.similar,
      workflowId: workflowInfo().workflowId,
      runId: workflowInfo().runId,
      until: this.until,
      nonce: null,
      ...more,
    };
  }

  view(): HealStatus {
    const { incidents, healLogs, insights, notices } = this.owed.debt;
    return {
      incidentId: this.incidentId,
      status: this.status,
      errorType: this.errorType,
      playbook: this.playbook?.name ?? null,
      actionType: this.actionType,
      attempts: this.attempts,
      occurrences: this.occurrences.count,
      waitingFor: this.waitingFor,
      until: this.until,
      verdict: this.outcome?.verdict ?? null,
      owed: {
        incidents: incidents.length,
        healLogs: healLogs.length,
        insights: insights.length,
        messages: notices.length,
      },
      steps: this.steps,
    };
  }

  #recordSetAside(what: string): void {
    this.note(`set aside: ${what}`);
    const number = this.owed.setAside.length;
    const reason = `The database refuses a record for good, so it was set aside on the worker's disk: ${what}`;
    this.owed.notice(
      this.notice('record_refused', { noticeId: `${this.incidentId}/record_refused/${number}`, reason }),
    );
  }

  #showAttributes(): void {
    if (!this.classified.settings.searchAttributes) return;
    const { report, classification } = this.classified;
    upsertSearchAttributes([
      { key: attributes.status, value: this.status },
      { key: attributes.errorType, value: classification.errorType },
      { key: attributes.severity, value: classification.severity },
      ...(this.playbook === null ? [] : [{ key: attributes.playbook, value: this.playbook.name }]),
      ...(report.target === undefined ? [] : [{ key: attributes.target, value: keyword(report.target) }]),
      ...(report.task === undefined ? [] : [{ key: attributes.task, value: keyword(report.task) }]),
    ]);
  }

  #showDetails(): void {
    setCurrentDetails(describeRun(this.view(), this.classified.report.error.message));
  }
}
