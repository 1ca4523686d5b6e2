import { z } from 'zod';
import { verdictKinds } from '../vocabulary/vocabulary.ts';
import { incidentStatusSchema, recordedActionSchema } from '../vocabulary/schema.ts';

/** What the failed program should do now. `at` is an ISO time, set for `retry_at` only. */
export const verdictSchema = z.strictObject({
  kind: z.enum(verdictKinds),
  at: z.iso.datetime({ offset: true }).nullable(),
  reason: z.string(),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** The result of HealWorkflow (contract.md). `durationMs`: from the report's arrival to the decision's end. */
export const healResultSchema = z.object({
  incidentId: z.uuid(),
  status: incidentStatusSchema,
  playbook: z.string().nullable(),
  actionType: recordedActionSchema.nullable(),
  attempts: z.int().nonnegative(),
  durationMs: z.int().nonnegative(),
  verdict: verdictSchema,
  occurrences: z.int().positive(),
  /** The incident that this report was counted on, where another run held it. */
  mergedInto: z.string().optional(),
  /** Where the playbooks came from: the database, the last good snapshot on disk, or the shipped seeds. */
  catalogueSource: z.enum(['database', 'snapshot', 'seeds']).optional(),
  /** Why it went as it did, step by step: for people and for `report --dry-run`. */
  steps: z.array(z.string()).optional(),
});
export type HealResult = z.infer<typeof healResultSchema>;
