import type { Report } from '../../../domain/report/report.ts';

/** What goes wrong on the estate, and with it what AutoHeal may be expected to do about it. */
export type CaseKind =
  /** A container ends: restarted, or adopted where another incident was first. */
  | 'exited'
  /** A container runs and answers nobody. */
  | 'hung'
  /** A container that ends again after each start: escalated. */
  | 'hopeless'
  /** A name that does not resolve, for a while or for good. */
  | 'dns'
  /** A database that does not accept connections, for a while or for good. */
  | 'database'
  /** A wait long enough to be told of when it begins. */
  | 'rate_limited'
  | 'alert'
  | 'unknown'
  | 'diagnosis'
  /** A program asks for a restart of what is protected. */
  | 'forbidden_request'
  /** What is protected has failed. */
  | 'protected';

/** One failure, the reports of it, and when they are sent. Times are ms from the load's beginning. */
export interface Case {
  /** In every report's labels: by it an auditor finds the incident that a report was counted on. */
  name: string;
  kind: CaseKind;
  report: Report;
  /** Breaks what the reports are about, where that has to be broken. */
  breaks: { container: string; how: 'kill' | 'hang' } | { name: string } | { database: string } | null;
  /** When the cause goes away by itself, in ms after the first report; null: never. */
  curedAfterMs: number | null;
  sendings: Sending[];
}

export interface Sending {
  atMs: number;
  reportId: string;
  /** As the client does it, or as a foreign program that starts HealWorkflow under an id of its own. */
  way: 'client' | 'foreign';
}
