import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import type { Debt } from '../../domain/incident/debt.ts';
import { causeOf } from '../cause-of.ts';
import { recording, telling } from '../proxies.ts';

/** Where a debt stands, and what becomes of it. */
export interface Ledger {
  debt: () => Debt;
  paid: (record: unknown) => void;
  /** A message arrived with somebody. */
  told: () => void;
  /** The database refuses a record for good: it is on the worker's disk. */
  setAside: (what: string) => void;
}

/**
 * Pays a run's debt (ADR-013 A14): whatever comes to be owed is delivered at once, beside the healing, by activities
 * that retry until the database, or for messages the on-call workflow, takes it. A run ends when it owes nothing.
 */
export class Outbox {
  readonly #ledger: Ledger;
  readonly #chains = new Map<string, Promise<void>>();
  /** Records and messages on their way, and how many writes of incidents. */
  readonly #begun = new Set<unknown>();
  #rows = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Begins to deliver what has come to be owed since this was last asked. */
  deliver(): void {
    const { incidents, healLogs, insights, notices } = this.#ledger.debt();
    for (; this.#rows < incidents.length; this.#rows += 1) this.#after('incident', () => this.#writeRow());
    for (const record of this.#new(healLogs)) {
      // Waits for no other record: an incident whose own row is late gets a stand-in.
      const summary = `heal log of attempt ${record.attempt}: ${record.result}`;
      this.#afterOf(record, `healLog ${record.idempotencyKey}`, () =>
        this.#write(summary, () => recording.writeHealLog.executeWithOptions({ summary }, [{ record }])),
      );
    }
    for (const record of this.#new(insights)) {
      const summary = `insight: ${record.result}`.slice(0, 150);
      this.#afterOf(record, `insight ${record.incidentId}`, () =>
        this.#write(summary, () => recording.writeInsight.executeWithOptions({ summary }, [{ record }])),
      );
    }
    for (const notice of this.#new(notices)) {
      // One after another: what is newer comes later.
      const summary = `tell people: ${notice.kind}`;
      this.#afterOf(notice, 'notice', () =>
        telling.notify.executeWithOptions({ summary }, [{ notice }]).then(this.#ledger.told),
      );
    }
  }

  #new<T>(owed: readonly T[]): T[] {
    const fresh = owed.filter((record) => !this.#begun.has(record));
    fresh.forEach((record) => this.#begun.add(record));
    return fresh;
  }

  /** The oldest one; those behind it are replaced by newer ones until it is their turn. */
  async #writeRow(): Promise<void> {
    const [record] = this.#ledger.debt().incidents;
    if (record === undefined) return;
    const summary = `incident ${record.status}, ${record.occurrences} reported`;
    await this.#write(summary, () => recording.writeIncident.executeWithOptions({ summary }, [{ record }]));
    this.#rows -= 1;
    this.#ledger.paid(record);
  }

  async #write(what: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const cause = causeOf(error);
      if (!(cause instanceof ApplicationFailure) || cause.type !== failureTypes.recordRefused) throw error;
      this.#ledger.setAside(`${what}: ${cause.message}`);
    }
  }

  #afterOf(record: unknown, chain: string, job: () => Promise<void>): void {
    this.#after(chain, async () => {
      await job();
      this.#begun.delete(record);
      this.#ledger.paid(record);
    });
  }

  /** Runs jobs of one kind one after another. */
  #after(chain: string, job: () => Promise<void>): void {
    const before = this.#chains.get(chain) ?? Promise.resolve();
    // Owed whatever happens to the run: cancelling the healing does not cancel its records.
    this.#chains.set(
      chain,
      before.then(() => CancellationScope.nonCancellable(job)),
    );
  }
}
