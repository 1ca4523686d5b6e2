import { z } from 'zod';
import { factNames } from '../report/facts.ts';
import { probeSchema } from '../container/probe.ts';
import { codeSystems } from '../report/codes.ts';
import { reportSchema } from '../report/report.ts';
import {
  actionTypeSchema,
  errorTypeSchema,
  incidentStatusSchema,
  severitySchema,
} from '../vocabulary/schema.ts';

const codeShape = /^[A-Za-z0-9_.-]{1,80}\*?$/;

/** Parameters of a playbook's action. Times carry their unit in the name. */
export const actionParamsSchema = z.strictObject({
  /** DOCKER_RESTART: the container. Absent: the incident's own target. */
  target: z.string().min(1).max(200).optional(),
  /** SSH_CMD: a command line of the allowlist; `{target}` and `{name}` stand for the incident's facts. */
  command: z.string().min(1).max(1000).optional(),
  /** WAIT_RETRY: what to look at. */
  probe: probeSchema.optional(),
  /** Pause before attempt n+1: `backoffSec * 2^(n-1)`, at most `maxBackoffSec`. */
  backoffSec: z.number().min(0).max(86_400).default(10),
  maxBackoffSec: z.number().min(0).max(86_400).default(600),
  /** DOCKER_RESTART: seconds that the container gets to stop by itself before docker kills it. */
  stopTimeoutSec: z.int().min(0).max(300).default(10),
  /** How long the container has to stay well before the incident is resolved. */
  stableForSec: z.number().min(0).max(3600).default(3),
  /** How long a container may take to become well after the restart. */
  verifyTimeoutSec: z.number().min(1).max(3600).default(60),
  /** How long after a heal the target is looked at once more; 0: never. */
  recheckMin: z.number().min(0).max(10_080).default(10),
  /** How long a person has to decide, where approval is wanted. */
  approvalDeadlineMin: z.number().min(0.01).max(10_080).default(30),
  /** What a person should do now, per locale. */
  advice: z.record(z.string(), z.string().max(2000)).optional(),
});
export type ActionParams = z.infer<typeof actionParamsSchema>;

export const playbookNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'a playbook name is 2 to 63 small letters, digits and dashes');

const playbookFields = {
  name: playbookNameSchema,
  errorType: errorTypeSchema,
  /** A linear-time (RE2) pattern over message and traceback; absent: every failure of the error type. */
  pattern: z.string().min(1).max(1000).optional(),
  actionType: actionTypeSchema,
  actionParams: actionParamsSchema.default(actionParamsSchema.parse({})),
  cooldownMin: z.number().min(0).max(10_080).default(10),
  /** The number of attempts allowed (loop.md). */
  maxRetries: z.int().min(1).max(100).default(3),
  severity: severitySchema.default('P3'),
  requiresApproval: z.boolean().default(false),
  enabled: z.boolean().default(true),
  /** Playbooks of one error type are tried from the lowest to the highest. */
  priority: z.int().min(0).max(1000).default(100),
};

/** A playbook as the loop uses it, whether from the database, a snapshot or the seeds. `id` is null for a seed. */
export const playbookSchema = z.object({
  ...playbookFields,
  id: z.int().nullable().default(null),
  version: z.int().min(1).default(1),
});
export type Playbook = z.infer<typeof playbookSchema>;

/** A sample in a playbook file, run by `autoheal playbooks test`: this report → this playbook, this decision. */
export const playbookSampleSchema = z.strictObject({
  report: reportSchema,
  expect: z.strictObject({
    errorType: errorTypeSchema.optional(),
    playbook: playbookNameSchema.nullable().optional(),
    actionType: actionTypeSchema.optional(),
    status: incidentStatusSchema.optional(),
  }),
});

const patternSchema = z.string().min(1).max(2000);
const patternsSchema = z.union([patternSchema, z.array(patternSchema).min(1).max(50)]);
const factNameSchema = z.enum(factNames);

/** Codes of one system, `*` at the end standing for any rest: `28*`. */
const codeListSchema = z.array(z.string().regex(codeShape)).min(1).max(200);

/** The parts of a report, in the order in which they are asked. */
export const reportPartSchema = z.enum(['end', 'context', 'recent', 'older']);
export type ReportPart = z.infer<typeof reportPartSchema>;

/**
 * A classification rule (docs/rules.md). It says which evidence it reads; everything it gives has to match. Patterns
 * are RE2: named groups `(?P<name>…)` become facts.
 */
export const ruleSchema = z.strictObject({
  errorType: errorTypeSchema,
  severity: severitySchema.optional(),
  /** The standard codes that it is known by: one of one of the systems given. */
  codes: z.partialRecord(z.enum(codeSystems), codeListSchema).optional(),
  /** The class of any exception of the chain; `root`: of the one that caused all others. */
  exception: patternSchema.optional(),
  root: patternSchema.optional(),
  /** Over the words of one part of the report: every one of `all`, one of `any`, none of `not`. */
  all: patternsSchema.optional(),
  any: patternsSchema.optional(),
  not: patternsSchema.optional(),
  /** The parts that are asked; absent: end, context, recent. */
  from: z.array(reportPartSchema).min(1).optional(),
  /** Facts without which the failure is not probed. Absent: those of its error type. */
  wants: z.array(factNameSchema).optional(),
  /** The older form: over the report's own fields, `anywhere` over all of its text at once. */
  type: patternSchema.optional(),
  message: patternSchema.optional(),
  traceback: patternSchema.optional(),
  anywhere: patternSchema.optional(),
});
export type ClassificationRule = z.infer<typeof ruleSchema>;

/** What a code of a table means: an error type, or one with conditions. UNKNOWN: certainly nothing that has a type. */
export const codeMeaningSchema = z.union([
  errorTypeSchema,
  z.strictObject({
    errorType: errorTypeSchema,
    severity: severitySchema.optional(),
    not: patternsSchema.optional(),
  }),
]);
export type CodeMeaning = z.infer<typeof codeMeaningSchema>;

/** Where facts stand in a failure's text, for the error types given. */
export const factRuleSchema = z.strictObject({
  for: z.array(errorTypeSchema).min(1),
  pattern: patternSchema,
});
export type FactRule = z.infer<typeof factRuleSchema>;

/** What goes for an error type where a rule says nothing else. */
export const errorTypeDefaultsSchema = z.strictObject({
  severity: severitySchema.optional(),
  wants: z.array(factNameSchema).optional(),
});

/** One YAML file of `playbooks/`. */
export const playbookFileSchema = z.strictObject({
  rules: z.array(ruleSchema).optional(),
  /** Tables of codes, by system: tried after the rules that read codes, in the order given. */
  codes: z
    .partialRecord(z.enum(codeSystems), z.record(z.string().regex(codeShape), codeMeaningSchema))
    .optional(),
  facts: z.array(factRuleSchema).optional(),
  types: z.record(errorTypeSchema, errorTypeDefaultsSchema).optional(),
  playbooks: z
    .array(z.strictObject({ ...playbookFields, samples: z.array(playbookSampleSchema).optional() }))
    .optional(),
});
export type PlaybookFile = z.infer<typeof playbookFileSchema>;

/** Classification's answer: what failed, how bad, and the facts that its pattern captured from the text. */
export const classificationSchema = z.object({
  errorType: errorTypeSchema,
  severity: severitySchema,
  fingerprint: z.string().regex(/^[0-9a-f]{32}$/),
  /** What earlier versions called the same failure: an incident that they opened is joined. */
  earlier: z.array(z.string().regex(/^[0-9a-f]{32}$/)).optional(),
  facts: z.record(z.string(), z.string()),
  /** The rule that decided, for people: `dns.yaml#2`, or null for UNKNOWN. */
  rule: z.string().nullable(),
  /** What was seen that decided, in one line for people; absent in what an older version classified. */
  evidence: z.string().optional(),
  /** Facts that the failure's probe would need and the report doesn't hold. */
  missing: z.array(z.string()).optional(),
});
export type Classification = z.infer<typeof classificationSchema>;
