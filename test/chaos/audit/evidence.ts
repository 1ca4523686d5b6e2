import type { LabEffect } from '../../../lab/recorder.ts';
import type { TakenMessage } from '../../support/bot-api.ts';
import type { AcceptedReport } from '../load/sender.ts';

/** What an auditor goes by: what was sent, what the hosts and the Bot API really saw, and what the database says. */
export interface Evidence {
  accepted: readonly AcceptedReport[];
  /** Cases whose waits are long enough to be told of when they begin. */
  longWaits: ReadonlySet<string>;
  effects: readonly LabEffect[];
  messages: readonly TakenMessage[];
  /** Who is to be told everything. */
  chats: readonly string[];
  protectedContainers: readonly string[];
  workerKillsAtMs: readonly number[];
  records: Records;
}

export interface Records {
  incidents: readonly IncidentRow[];
  healLogs: readonly HealLogRow[];
  insights: readonly InsightRow[];
}

export interface IncidentRow {
  id: string;
  case: string | null;
  errorType: string;
  status: string;
  occurrences: number;
  attempts: number;
  firstSeenAtMs: number;
}

export interface HealLogRow {
  incidentId: string;
  attempt: number;
  actionType: string;
  result: string;
  command: string | null;
  startedAtMs: number;
  durationMs: number;
}

export interface InsightRow {
  incidentId: string;
  queued: boolean;
}

/** What an audit found: how many of each, and a line for each for people. */
export interface Found<Name extends string> {
  counts: Record<Name, number>;
  findings: string[];
}
