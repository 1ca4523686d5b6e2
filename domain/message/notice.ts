import { z } from 'zod';
import { errorTypeSchema, recordedActionSchema, severitySchema } from '../vocabulary/schema.ts';

/** A reason of domain/message/reasons.ts, of whatever version. */
const reasonDataSchema = z.object({
  code: z.string(),
  args: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** What people are told. Rendered per recipient's locale by domain/message; facts only, already redacted. */
export const noticeSchema = z.object({
  /** Unique: the same notice is delivered to one recipient once. `<incidentId>/<kind>` */
  noticeId: z.string(),
  kind: z.enum([
    'resolved',
    'alerted',
    'escalated',
    'refused',
    'waiting',
    'approval',
    'paused',
    'relapsed',
    'acknowledged',
    'decided',
    'record_refused',
  ]),
  incidentId: z.string(),
  severity: severitySchema,
  errorType: errorTypeSchema,
  /** What broke, in the reporter's words. */
  message: z.string(),
  task: z.string().nullable(),
  host: z.string().nullable(),
  target: z.string().nullable(),
  playbook: z.string().nullable(),
  actionType: recordedActionSchema.nullable(),
  attempts: z.int().nonnegative(),
  maxAttempts: z.int().nonnegative(),
  occurrences: z.int().positive(),
  /** What was done and how each attempt ended, a line each. */
  tried: z.array(z.string()),
  /** The same as data, for the reader's language. */
  triedWhy: z.array(reasonDataSchema).optional(),
  /** Why it ended this way. */
  reason: z.string(),
  /** The same as data, for the reader's language; absent where it is quoted only. */
  why: reasonDataSchema.optional(),
  /** Output of a diagnosis, redacted. */
  output: z.string().nullable(),
  /** What a person must do now, per locale; `en` always there. */
  advice: z.record(z.string(), z.string()),
  /** Similar past cases and how they went, a line each. */
  similar: z.array(z.string()),
  workflowId: z.string(),
  runId: z.string(),
  /** ISO time: the end of a wait, a pause or an approval's deadline. */
  until: z.string().nullable(),
  /** One-use code that an approval must name. */
  nonce: z.string().nullable(),
  /** Who has taken it over, in words; absent in notices of before there was this field. */
  acknowledgedBy: z.string().nullable().optional(),
  /** ISO time of the failure, as far as the reporter told it. */
  failedAt: z.string().optional(),
  /** The exception's type, and where in the code it was thrown. */
  exception: z.string().nullable().optional(),
  /** Who decided on a request, in words. */
  decidedBy: z.string().nullable().optional(),
  /** A person says that it is done. */
  resolvedByHand: z.object({ by: z.string(), note: z.string() }).optional(),
  /** The how manieth reminder this is. */
  reminder: z.int().positive().optional(),
});
export type Notice = z.infer<typeof noticeSchema>;

/** Who gets messages (`telegram_users`, ADR-013 A2). */
export const recipientSchema = z.object({
  telegramId: z.string().regex(/^-?\d{1,20}$/),
  name: z.string().nullable(),
  isAdmin: z.boolean(),
  minSeverity: severitySchema,
  locale: z.enum(['en', 'zh-TW']).nullable(),
  /** 2: told only of what the first level did not take in time. */
  level: z.int().min(1).max(2).default(1),
  /** IANA name of the zone in which they read times; null: the one of their language. */
  timeZone: z.string().nullable().default(null),
});
export type Recipient = z.infer<typeof recipientSchema>;

/**
 * Whether this one may decide, pause and acknowledge: an admin, and a person. Telegram's ids of groups and channels
 * are negative: such a row is sent what admins are sent (ADR-013 A2), and decides nothing.
 */
export const mayDecide = ({ telegramId, isAdmin }: Pick<Recipient, 'telegramId' | 'isAdmin'>): boolean =>
  isAdmin && !telegramId.startsWith('-');
