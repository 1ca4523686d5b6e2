import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import type { Notice } from '../../domain/message/notice.ts';
import type { HealLogRecord, IncidentRecord, InsightRecord } from '../../domain/incident/records.ts';
import { causeOf } from '../cause-of.ts';
import { recording, telling, thinking } from '../proxies.ts';

/** What is still to be written and told; carried over when a run continues as new. */
export interface Debt {
  incidents: IncidentRecord[];
  healLogs: HealLogRecord[];
  insights: InsightRecord[];
  notices: Notice[];
}

export const noDebt = (): Debt => ({ incidents: [], healLogs: [], insights: [], notices: [] });

/**
 * Records and messages that this run owes (ADR-013 A14). Everything is owed at once and delivered beside the
 * healing, by activities that retry until the database or the messenger takes it. A run ends when it owes nothing.
 */
export class Owed {
  readonly debt: Debt;
  /** Records that the database refuses for good: on disk, and named here with the reason. */
  readonly setAside: string[] = [];
  readonly #onSetAside: (what: string) => void;
  readonly #chains = new Map<string, Promise<void>>();

  constructor(carried: Debt, onSetAside: (what: string) => void) {
    this.#onSetAside = onSetAside;
    this.debt = noDebt();
    carried.incidents.forEach((record) => this.incident(record));
    carried.healLogs.forEach((record) => this.healLog(record));
    carried.insights.forEach((record) => this.insight(record));
    carried.notices.forEach((notice) => this.notice(notice));
  }

  /** Only the newest state of an incident is worth writing: one that waits its turn is replaced. */
  incident(record: IncidentRecord): void {
    const { incidents } = this.debt;
    const waiting = incidents.findIndex((other, at) => at > 0 && other.id === record.id);
    if (waiting > 0) {
      incidents[waiting] = record;
      return;
    }
    incidents.push(record);
    this.#after('incident', async () => {
      const next = incidents[0];
      if (next === undefined) return;
      const summary = `incident ${next.status}, ${next.occurrences} reported`;
      await this.#write(summary, () =>
        recording.writeIncident.executeWithOptions({ summary }, [{ record: next }]),
      );
      incidents.shift();
    });
  }

  /** Waits for no other record: an incident whose own row is late gets a stand-in. */
  healLog(record: HealLogRecord): void {
    const { healLogs } = this.debt;
    healLogs.push(record);
    const summary = `heal log of attempt ${record.attempt}: ${record.result}`;
    this.#after(`healLog ${record.idempotencyKey}`, async () => {
      await this.#write(summary, () => recording.writeHealLog.executeWithOptions({ summary }, [{ record }]));
      healLogs.splice(healLogs.indexOf(record), 1);
    });
  }

  insight(record: InsightRecord): void {
    const { insights } = this.debt;
    insights.push(record);
    const summary = `insight: ${record.result}`.slice(0, 150);
    this.#after(`insight ${record.incidentId}`, async () => {
      await this.#write(summary, () => recording.writeInsight.executeWithOptions({ summary }, [{ record }]));
      insights.splice(insights.indexOf(record), 1);
    });
  }

  /** Each recipient gets a delivery of its own, so that none holds up another. */
  notice(notice: Notice): void {
    const { notices } = this.debt;
    notices.push(notice);
    this.#after(`notice ${notice.noticeId}`, async () => {
      const summary = `who is told: ${notice.kind}`;
      const { deliveries } = await thinking.planNotice.executeWithOptions({ summary }, [{ notice }]);
      await Promise.all(
        deliveries.map((recipient) =>
          telling.notify.executeWithOptions({ summary: `tell ${recipient.telegramId}: ${notice.kind}` }, [
            { notice, recipient },
          ]),
        ),
      );
      notices.splice(notices.indexOf(notice), 1);
    });
  }

  get nothing(): boolean {
    return this.count === 0;
  }

  get count(): number {
    const { incidents, healLogs, insights, notices } = this.debt;
    return incidents.length + healLogs.length + insights.length + notices.length;
  }

  async #write(what: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const cause = causeOf(error);
      if (!(cause instanceof ApplicationFailure) || cause.type !== failureTypes.recordRefused) throw error;
      const reason = `${what}: ${cause.message}`;
      this.setAside.push(reason);
      this.#onSetAside(reason);
    }
  }

  /** Runs jobs of one kind one after another. */
  #after(chain: string, job: () => Promise<void>): void {
    const before = this.#chains.get(chain) ?? Promise.resolve();
    // Owed whatever happens to the run: cancelling the healing does not cancel its records.
    const done = before.then(() => CancellationScope.nonCancellable(job));
    this.#chains.set(chain, done);
  }
}
