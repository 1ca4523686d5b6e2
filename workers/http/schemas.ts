import { extendZodWithOpenApi, z } from '@hono/zod-openapi';
import { actionRequestSchema, reportSchema } from '../../domain/report/report.ts';
import { healResultSchema } from '../../domain/incident/verdict-schema.ts';

extendZodWithOpenApi(z);

/** The schemas of the service's answers, and the names that the OpenAPI document gives to those of the domain. */

// A copy made after the extension: only such schemas have `openapi`, whatever was imported before this file.
export const reportBody = reportSchema.clone().openapi('Report');
export const actionBody = z
  .strictObject({ ...reportSchema.shape, action: actionRequestSchema })
  .openapi('ActionReport', {
    description: 'A report with a requested action. Policy may refuse the action.',
  });

export const problemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem', { description: 'RFC 9457 problem details; `errors` names each bad field.' });

export const acceptedBody = z
  .object({
    workflowId: z.string(),
    incidentId: z.string(),
    joined: z.boolean().openapi({ description: 'It was counted on an incident that was open already.' }),
  })
  .openapi('Accepted');

export const healedBody = z
  .object({ ...healResultSchema.shape, workflowId: z.string(), joined: z.boolean() })
  .openapi('Healed', { description: 'The result of the heal, done within the time that the caller waited.' });

const alertOutcomes = ['accepted', 'closed', 'not_open', 'ignored', 'invalid', 'failed'] as const;
const alertAnswer = z
  .object({
    index: z.int(),
    name: z.string(),
    outcome: z.enum(alertOutcomes),
    workflowId: z.string().optional(),
    incidentId: z.string().optional(),
    joined: z.boolean().optional(),
    detail: z.string().optional(),
    errors: problemBody.shape.errors,
  })
  .openapi('AlertOutcome');
export type AlertAnswer = z.infer<typeof alertAnswer>;

export const webhookBody = z
  .object({ accepted: z.int(), alerts: z.array(alertAnswer), truncatedAlerts: z.int().optional() })
  .openapi('WebhookOutcome', { description: 'How each alert fared, in the order in which they were sent.' });

export const incidentBody = z.looseObject({}).openapi('Incident', {
  description: 'The row of `incidents`; a single one with its heal logs and insight.',
});
export const incidentsBody = z
  .object({ incidents: z.array(incidentBody), next: z.string().nullable() })
  .openapi('Incidents', {
    description: '`next` is the address of the following page, null on the last one.',
  });

export const partsBody = z
  .object({
    status: z.enum(['ok', 'away']),
    parts: z.record(z.string(), z.object({ ok: z.boolean(), required: z.boolean(), detail: z.string() })),
  })
  .openapi('Readiness');
