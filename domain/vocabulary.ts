import { z } from 'zod';

/** The closed lists of words that records, messages and dashboards share (contract.md). */

export const errorTypes = [
  'DB_UNREACHABLE',
  'DNS_FAIL',
  'CONTAINER_UNHEALTHY',
  'CONTAINER_EXITED',
  'OOM_KILLED',
  'DISK_FULL',
  'CONNECTION_REFUSED',
  'UPSTREAM_TIMEOUT',
  'RATE_LIMITED',
  'AUTH_FAILED',
  'CERT_EXPIRED',
  'CODE_ERROR',
  'UNKNOWN',
] as const;

/** An error type: one of the seeds', or an operator's own in the same spelling. */
export const errorTypeSchema = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,47}$/, 'an error type is 2 to 48 capital letters, digits and underscores');

export const severities = ['P1', 'P2', 'P3', 'P4'] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

export const sources = [
  'task',
  'alertmanager',
  'grafana',
  'sentry',
  'cli',
  'api',
  'code_fix',
  'resource',
  'elephant_alpha',
  'canary',
] as const;
export const sourceSchema = z.enum(sources);
export type Source = z.infer<typeof sourceSchema>;

/** ADR-013 A6. */
export const actionTypes = ['DOCKER_RESTART', 'SSH_CMD', 'ALERT_ONLY', 'WAIT_RETRY'] as const;
export const actionTypeSchema = z.enum(actionTypes);
export type ActionType = z.infer<typeof actionTypeSchema>;

/** What an incident, and each heal log, says was done: the four of A6, and the human-approved code fix (A13). */
export const recordedActionSchema = z.enum([...actionTypes, 'CODE_FIX']);
export type RecordedAction = z.infer<typeof recordedActionSchema>;

export const incidentStatuses = [
  'open',
  'waiting',
  'awaiting_approval',
  'acting',
  'verifying',
  'resolved',
  'alerted',
  'escalated',
  'suppressed',
  'refused',
] as const;
export const incidentStatusSchema = z.enum(incidentStatuses);
export type IncidentStatus = z.infer<typeof incidentStatusSchema>;

export const finalStatuses = ['resolved', 'alerted', 'escalated', 'suppressed', 'refused'] as const;
export type FinalStatus = (typeof finalStatuses)[number];

export const healLogResults = ['success', 'failure', 'skipped', 'refused', 'unknown'] as const;
export const healLogResultSchema = z.enum(healLogResults);
export type HealLogResult = z.infer<typeof healLogResultSchema>;
