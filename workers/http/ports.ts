import type { Report } from '../../domain/report/report.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import type { IncidentStatus } from '../../domain/vocabulary/vocabulary.ts';

/** What the HTTP service stands on. The real ones are wired in by the process; errors carry a `code`. */

interface Delivered {
  workflowId: string;
  incidentId: string;
  /** It was counted on an incident that was open already. */
  joined: boolean;
  /** Set when the caller wanted to wait and the heal was done in time. */
  result?: HealResult;
}

/**
 * The way to Temporal. Errors with `code: 'TEMPORAL_AWAY'` are answered 503, with `code: 'OVERLOADED'` 429; their
 * `retryAfterSec`, where they have one, becomes `Retry-After`.
 */
export interface Deliver {
  report: (request: { report: Report; waitSec?: number }) => Promise<Delivered>;
  /** What the report was about is over: ends a waiting incident of its fingerprint. False where none waits. */
  close: (request: { report: Report }) => Promise<{ closed: boolean; workflowId: string | null }>;
}

/** The record of incidents. Errors with `code: 'DATABASE_AWAY'` are answered 503. */
export interface IncidentReader {
  list: (query: {
    status?: IncidentStatus;
    limit: number;
    /** ISO time: only incidents first seen before it. */
    before?: string;
  }) => Promise<readonly object[]>;
  /** The incident with its heal logs and insight; null where there is none of this id. */
  show: (id: string) => Promise<object | null>;
}

/** One part that the service needs, for `/readyz`. */
interface PartHealth {
  ok: boolean;
  /** False where AutoHeal goes on without it, as it does without the database. */
  required: boolean;
  detail: string;
}
export type Health = () => Promise<Record<string, PartHealth>>;
