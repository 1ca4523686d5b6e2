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
  'MONITORING_BLIND',
  'UNKNOWN',
] as const;

export const severities = ['P1', 'P2', 'P3', 'P4'] as const;
export type Severity = (typeof severities)[number];

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
export type IncidentStatus = (typeof incidentStatuses)[number];

export const finalStatuses = ['resolved', 'alerted', 'escalated', 'suppressed', 'refused'] as const;
export type FinalStatus = (typeof finalStatuses)[number];

export const verdictKinds = ['retry_now', 'retry_at', 'give_up'] as const;

export const healLogResults = ['success', 'failure', 'skipped', 'refused', 'unknown'] as const;
export type HealLogResult = (typeof healLogResults)[number];
