import { z } from 'zod';

/** The estate file (contract.md): hosts, targets, what is protected, scheduled tasks, limits. */

const hostName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, 'a host name of letters, digits, dot, dash, underscore');
const targetName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/, 'a container name as Docker allows it');

export const hostSchema = z.strictObject({
  address: z.string().min(1, 'an IP address or a DNS name').max(255),
  port: z.int().min(1).max(65535).default(22),
  user: z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'a Unix user name'),
  /** Path of the private key, relative to the estate file. Absent: the jump host's. */
  identityFile: z.string().min(1).optional(),
  knownHostsFile: z.string().min(1).optional(),
  jump: hostName.optional(),
  /** The host runs deploy/host-gate as its forced command; `doctor` checks it. */
  gate: z.boolean().default(false),
});
export type Host = z.infer<typeof hostSchema>;

export const targetSchema = z.strictObject({
  host: hostName,
  kind: z.literal('container').default('container'),
  /** The container's name on the host. Absent: the key. */
  container: targetName.optional(),
  aliases: z.array(targetName).default([]),
  /** It should always run: that it has ended is a failure, whatever its exit code. */
  service: z.boolean().default(false),
});

export const taskSchema = z.strictObject({
  cron: z.string().min(1),
  timezone: z.string().default('UTC'),
  command: z.array(z.string()).min(1, 'the program and its arguments'),
  timeoutSec: z.number().positive().max(86_400).default(1800),
  /** The target whose failure this task's failure is. */
  target: targetName.optional(),
  /** Where it runs. Absent: on the worker's own machine. */
  host: hostName.optional(),
  /** `never`: not safe to run twice. */
  retry: z.enum(['auto', 'never']).default('auto'),
  maxRuns: z.int().min(1).max(100).default(3),
  jitterSec: z.number().min(0).max(3600).default(0),
  catchupWindowSec: z.number().min(10).max(604_800).default(3600),
  paused: z.boolean().default(false),
  note: z.string().max(500).optional(),
});
export type Task = z.infer<typeof taskSchema>;

export const limitsSchema = z.strictObject({
  restartsPerHostPer10Min: z.int().min(0).default(5),
  restartsPerEstatePer10Min: z.int().min(0).default(20),
  /** More different targets than this failing inside the window is a storm: stop, tell a person. */
  stormTargets: z.int().min(1).default(8),
  stormWindowMin: z.number().positive().default(5),
  /** A target acted on this often inside the hours is flapping: escalate instead of healing. */
  flappingHeals: z.int().min(1).default(5),
  flappingHours: z.number().positive().default(6),
});
export type Limits = z.infer<typeof limitsSchema>;

/** When people are told again, and how much at once. */
export const notifySchema = z.strictObject({
  /** How often an escalation of P1 or P2 is repeated until somebody takes it, in minutes. */
  repeatMin: z.number().positive().max(1440).default(30),
  /** After how many minutes the second level (`telegram_users.level` 2) is told, too. */
  escalateAfterMin: z.number().positive().max(1440).default(15),
  /** More new cards than this in one chat and minute are put together into a digest. */
  digestAfter: z.int().min(1).default(3),
  /** Messages a minute in a group; Telegram takes 20. */
  groupMessagesPerMin: z.int().min(1).default(20),
});

export const codeFixSchema = z.strictObject({
  host: hostName,
  command: z.array(z.string()).min(1),
  timeoutSec: z.number().positive().max(7200).default(900),
});

/** A container's, service's or target's name, or the beginning of an id: what can match nothing is named and refused. */
const unquoted = ({ input }: { input?: unknown }): string =>
  `${JSON.stringify(input)} is not read as text, and can match no container: put it in quotes`;
const protectedEntry = z.string({ error: unquoted }).superRefine((entry, context) => {
  const refuse = (why: string): void => {
    context.addIssue({ code: 'custom', message: `"${entry.slice(0, 80)}" can match no container: ${why}` });
  };
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/.test(entry)) {
    refuse('write its name, its service’s name, or at least 6 digits of its id; no image, pattern or path');
  } else if (/^[0-9a-fA-F]{65,}$/.test(entry)) {
    refuse('an id has 64 digits');
  } else if (/^sha256/i.test(entry)) {
    refuse('that is an image’s id; write the container’s');
  }
});

/** Names that fixed commands (tasks, codeFix) may begin with, each for one program by its absolute path. */
const programsSchema = z.record(
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/, 'a program name without a path'),
  z.string().regex(/^\/[A-Za-z0-9_./@+-]{1,254}$/, 'the absolute path of a program'),
);

export const estateSchema = z.strictObject({
  hosts: z.record(hostName, hostSchema).default({}),
  targets: z.record(targetName, targetSchema).default({}),
  protected: z.array(protectedEntry).default([]),
  /** Containers that are seen to hold data and may be restarted all the same. Never momo-db or momo-postgres. */
  restartableDatabases: z.array(targetName).default([]),
  tasks: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,99}$/), taskSchema).default({}),
  programs: programsSchema.default({}),
  limits: limitsSchema.default(limitsSchema.parse({})),
  notify: notifySchema.default(notifySchema.parse({})),
  /** The one command line that an approved CODE_FIX runs (ADR-013 A13). */
  codeFix: codeFixSchema.optional(),
});
export type Estate = z.infer<typeof estateSchema>;
