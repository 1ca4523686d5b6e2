import {
  CancellationScope,
  condition,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { describeRun } from '../../domain/incident/details.ts';
import type { IncidentState } from '../../domain/incident/state.ts';
import * as transitions from '../../domain/incident/transitions.ts';
import { without } from '../../domain/incident/debt.ts';
import type { noticeOf } from '../../domain/incident/views.ts';
import { attributesOf, statusOf } from '../../domain/incident/views.ts';
import type { IncidentStatus } from '../../domain/vocabulary/vocabulary.ts';
import { countTold } from './measure.ts';
import { Outbox } from './outbox.ts';

/** How long a state that an incident passes through lasts before it is shown and written: mostly the next one is there by then. */
const passingMs = 500;

/** States that a program passes through by itself. */
const passing: readonly IncidentStatus[] = ['open', 'acting', 'verifying'];

/** One incident while its run lasts: its state, and what follows from each change: it is shown, and debts are paid. */
export class Incident {
  /** How many reports came to this run by signal, counted or not. */
  signals = 0;
  #state: IncidentState;
  #moves = 0;
  /** People were told of it, by this run. */
  #told = false;
  readonly #outbox: Outbox;

  constructor(state: IncidentState) {
    this.#state = state;
    this.#outbox = new Outbox({
      debt: () => this.#state.debt,
      paid: (record) => this.apply((now) => ({ ...now, debt: without(now.debt, record) })),
      told: () => {
        if (!this.#told) countTold(this.#state, Date.now());
        this.#told = true;
      },
      setAside: (what) => this.apply((now) => transitions.setAside(now, what)),
    });
    this.#outbox.deliver();
  }

  get state(): IncidentState {
    return this.#state;
  }

  apply(change: (now: IncidentState) => IncidentState): void {
    this.#state = change(this.#state);
    setCurrentDetails(describeRun(statusOf(this.#state), this.#state.classified.report.error.message));
    this.#outbox.deliver();
  }

  note(step: string): void {
    this.apply((now) => transitions.noted(now, step));
  }

  log(attempt: transitions.Attempt): void {
    this.apply((now) => transitions.attempted(now, attempt, Date.now()));
  }

  tell(...[kind, more]: NoticeWords): void {
    this.apply((now) => transitions.told(now, kind, more));
  }

  /** Its row is owed as it stands. */
  write(): void {
    this.apply(transitions.written);
  }

  /** Moves on: shown and written at once, or, where the next move mostly follows in a moment, only if it lasts. */
  become(status: IncidentStatus, waitingFor: string | null = null, until: string | null = null): void {
    this.apply((now) => transitions.moved(now, status, waitingFor, until));
    const move = ++this.#moves;
    if (!passing.includes(status)) return this.#showAndWrite();
    void CancellationScope.nonCancellable(async () => {
      const summary = `${status}: its row is written if that lasts`;
      if (!(await condition(() => this.#moves !== move, passingMs, { summary }))) this.#showAndWrite();
    });
  }

  /** What it is and how it stands, in the list of the Temporal UI and in its row. */
  #showAndWrite(): void {
    if (this.#state.classified.settings.searchAttributes) {
      upsertSearchAttributes(
        attributesOf(this.#state).map(([name, value]) => ({
          key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
          value,
        })),
      );
    }
    this.write();
  }
}

type NoticeWords = Parameters<typeof noticeOf> extends [unknown, ...infer Words] ? Words : never;
