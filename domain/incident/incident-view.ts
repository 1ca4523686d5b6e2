/**
 * Incidents as people and other programs read them back: rows of this program and of the original's, so lenient
 * where records are strict. Times are ISO 8601.
 */
export interface IncidentView {
  id: string;
  fingerprint: string;
  errorType: string;
  severity: string;
  source: string;
  task: string | null;
  host: string | null;
  target: string | null;
  message: string;
  status: string;
  playbook: string | null;
  occurrences: number;
  attempts: number;
  relapseOf: string | null;
  workflowId: string | null;
  runId: string | null;
  firstSeenAt: string;
  lastSeenAt: string;
  resolvedAt: string | null;
  escalatedAt: string | null;
  metadata: Record<string, unknown>;
}

export interface HealLogView {
  attempt: number;
  playbook: string | null;
  actionType: string | null;
  command: string | null;
  result: string | null;
  durationMs: number;
  output: string | null;
  error: string | null;
  startedAt: string;
  steps: unknown[];
}

export interface InsightView {
  event: string | null;
  symptom: string | null;
  action: string | null;
  result: string | null;
  lesson: string | null;
  createdAt: string;
}

export interface IncidentDetail extends IncidentView {
  healLogs: HealLogView[];
  insight: InsightView | null;
}
