import { z } from 'zod';
import { severitySchema, sourceSchema } from '../vocabulary/schema.ts';

/**
 * What a failing program tells AutoHeal: the input of HealWorkflow, of POST /v1/exceptions and of
 * `autoheal report`. Only `source` and `error.message` are required (contract.md).
 */

/** Hosts, targets and tasks: letters, digits, dot, dash and underscore. Checked again by policy before any use. */
const nameSchema = z.string().min(1, 'must not be empty').max(200, 'at most 200 characters');

/** A *request* for an action. Policy may refuse it; an unknown type is refused, not a syntax error (loop.md, rule 3). */
export const actionRequestSchema = z.strictObject({
  type: z.string().min(1, 'must not be empty').max(64, 'at most 64 characters'),
  target: z.string().max(500, 'at most 500 characters').optional(),
  command: z.string().max(4000, 'at most 4000 characters').optional(),
  /** Free text of the requester, a model's included: data for people, never a part of a command. */
  note: z.string().max(20_000, 'at most 20000 characters').optional(),
});
export type ActionRequest = z.infer<typeof actionRequestSchema>;

export const reportSchema = z.strictObject({
  source: sourceSchema,
  task: nameSchema.optional(),
  host: nameSchema.optional(),
  target: z.string().max(500, 'at most 500 characters').optional(),
  error: z.strictObject({
    type: z.string().max(500, 'at most 500 characters').optional(),
    message: z.string().min(1, 'must not be empty').max(100_000, 'at most 100000 characters'),
    traceback: z.string().max(500_000, 'at most 500000 characters').optional(),
  }),
  severity: severitySchema.optional(),
  /** ISO 8601 with an offset. Absent: when the report arrived. */
  occurredAt: z.iso
    .datetime({ offset: true })
    .refine((time) => !time.startsWith('0000'), 'there is no year 0')
    .optional(),
  labels: z.record(z.string().max(200), z.string().max(2000)).optional(),
  /** Set where an alert of a monitoring system is reported. */
  alert: z
    .strictObject({
      /** The sender's own fingerprint of the alert, or its id. */
      fingerprint: z.string().min(1, 'must not be empty').max(200, 'at most 200 characters'),
      /** Which of the sender's series it is. Reports of one series are one failure, those of two never are. */
      series: z.string().min(1, 'must not be empty').max(100, 'at most 100 characters'),
      /** Monitoring itself could not see, and why: nothing is known of what the rule is about. */
      blind: z.string().max(500, 'at most 500 characters').optional(),
    })
    .optional(),
  action: actionRequestSchema.optional(),
  /** Chosen by the sender; the same id sent twice is counted once. */
  reportId: z.string().min(1).max(100).optional(),
  /** Decide and explain, change nothing. */
  dryRun: z.boolean().optional(),
});
export type Report = z.infer<typeof reportSchema>;
