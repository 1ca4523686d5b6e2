import { z } from 'zod';

/**
 * Incidents as people and other programs read them back: rows of this program and of the original's, so lenient
 * where records are strict. Times are ISO 8601.
 */

export const incidentViewSchema = z.object({
  id: z.string(),
  fingerprint: z.string(),
  errorType: z.string(),
  severity: z.string(),
  source: z.string(),
  task: z.string().nullable(),
  host: z.string().nullable(),
  target: z.string().nullable(),
  message: z.string(),
  status: z.string(),
  playbook: z.string().nullable(),
  occurrences: z.number(),
  attempts: z.number(),
  relapseOf: z.string().nullable(),
  workflowId: z.string().nullable(),
  runId: z.string().nullable(),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  resolvedAt: z.string().nullable(),
  escalatedAt: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
});
export type IncidentView = z.infer<typeof incidentViewSchema>;

export const healLogViewSchema = z.object({
  attempt: z.number(),
  playbook: z.string().nullable(),
  actionType: z.string().nullable(),
  command: z.string().nullable(),
  result: z.string().nullable(),
  durationMs: z.number(),
  output: z.string().nullable(),
  error: z.string().nullable(),
  startedAt: z.string(),
  steps: z.array(z.unknown()),
});

export const insightViewSchema = z.object({
  event: z.string().nullable(),
  symptom: z.string().nullable(),
  action: z.string().nullable(),
  result: z.string().nullable(),
  lesson: z.string().nullable(),
  createdAt: z.string(),
});

export const incidentDetailSchema = z.object({
  ...incidentViewSchema.shape,
  healLogs: z.array(healLogViewSchema),
  insight: insightViewSchema.nullable(),
});
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;
