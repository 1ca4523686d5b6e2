import { z } from 'zod';
import {
  errorTypeSchema,
  healLogResultSchema,
  incidentStatusSchema,
  recordedActionSchema,
  severitySchema,
  sourceSchema,
} from '../vocabulary/schema.ts';

/**
 * Records that a heal owes to the database. Each is complete in itself and safe to write twice, in any order of
 * delivery within its incident: an older state never overwrites a newer one (`revision`).
 */

export const incidentRecordSchema = z.object({
  id: z.uuid(),
  fingerprint: z.string(),
  errorType: errorTypeSchema,
  severity: severitySchema,
  source: sourceSchema,
  task: z.string().nullable(),
  host: z.string().nullable(),
  target: z.string().nullable(),
  message: z.string(),
  status: incidentStatusSchema,
  /** Resolved to `playbook_id` by name when written: an id from a snapshot may be of another database. */
  playbook: z.string().nullable(),
  occurrences: z.int().positive(),
  attempts: z.int().nonnegative(),
  workflowId: z.string(),
  runId: z.string(),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  resolvedAt: z.string().nullable(),
  escalatedAt: z.string().nullable(),
  /** Counts this incident's writes; a row is only ever replaced by a higher revision. */
  revision: z.int().positive(),
  /** Why the incident ended as it did; catalogue source; merged or late reports. For people and audits. */
  metadata: z.record(z.string(), z.unknown()),
});
export type IncidentRecord = z.infer<typeof incidentRecordSchema>;

export const healLogRecordSchema = z.object({
  /** `<incidentId>/<attempt>` and, for a refusal before the first attempt, `<incidentId>/refused`. */
  idempotencyKey: z.string(),
  incidentId: z.uuid(),
  playbook: z.string().nullable(),
  attempt: z.int().nonnegative(),
  actionType: recordedActionSchema,
  command: z.string().nullable(),
  result: healLogResultSchema,
  durationMs: z.int().nonnegative(),
  output: z.string().nullable(),
  error: z.string().nullable(),
  startedAt: z.string(),
  /** Each step (look, act, verify …) with its duration. */
  steps: z.array(z.object({ step: z.string(), durationMs: z.int().nonnegative(), detail: z.string() })),
});
export type HealLogRecord = z.infer<typeof healLogRecordSchema>;

/** ADR-013 A12: five things in plain words. */
export const insightRecordSchema = z.object({
  incidentId: z.uuid(),
  insightType: z.literal('auto_heal_playbook'),
  event: z.string(),
  symptom: z.string(),
  action: z.string(),
  result: z.string(),
  lesson: z.string(),
  metadata: z.record(z.string(), z.unknown()),
});
export type InsightRecord = z.infer<typeof insightRecordSchema>;
