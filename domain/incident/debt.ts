import type { Notice } from '../message/notice.ts';
import type { HealLogRecord, IncidentRecord, InsightRecord } from './records.ts';

/** What is still to be written and told (ADR-013 A14); carried over when a run continues as new. */
export interface Debt {
  readonly incidents: readonly IncidentRecord[];
  readonly healLogs: readonly HealLogRecord[];
  readonly insights: readonly InsightRecord[];
  readonly notices: readonly Notice[];
}

export const noDebt: Debt = { incidents: [], healLogs: [], insights: [], notices: [] };

export const countOf = (debt: Debt): number => everythingIn(debt).length;

export const everythingIn = (debt: Debt): unknown[] => Object.values(debt).flat();

/** Only the newest state of an incident is worth writing: one that waits its turn behind the first is replaced. */
export function rowOwed(debt: Debt, record: IncidentRecord): Debt {
  const waiting = debt.incidents.findIndex((other, at) => at > 0 && other.id === record.id);
  const incidents = waiting > 0 ? debt.incidents.with(waiting, record) : [...debt.incidents, record];
  return { ...debt, incidents };
}

export const healLogOwed = (debt: Debt, record: HealLogRecord): Debt => ({
  ...debt,
  healLogs: [...debt.healLogs, record],
});

export const insightOwed = (debt: Debt, record: InsightRecord): Debt => ({
  ...debt,
  insights: [...debt.insights, record],
});

export const noticeOwed = (debt: Debt, notice: Notice): Debt => ({
  ...debt,
  notices: [...debt.notices, notice],
});

/** What is owed but for these very records and messages: they are delivered, or owed by another run now. */
export function without(debt: Debt, ...paid: unknown[]): Debt {
  const isOpen = (record: unknown): boolean => !paid.includes(record);
  return {
    incidents: debt.incidents.filter(isOpen),
    healLogs: debt.healLogs.filter(isOpen),
    insights: debt.insights.filter(isOpen),
    notices: debt.notices.filter(isOpen),
  };
}
