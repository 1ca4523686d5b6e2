import { randomUUID } from 'node:crypto';
import type { HealLogRecord, IncidentRecord, InsightRecord } from '../../domain/incident/records.ts';

/** Records as a heal of `momo-scheduler` would owe them. */

export function incidentRecord(changes: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    id: randomUUID(),
    fingerprint: 'f'.repeat(32),
    errorType: 'CONTAINER_UNHEALTHY',
    severity: 'P2',
    source: 'task',
    task: 'run_auto_import_task',
    host: 'ollama-188',
    target: 'momo-scheduler',
    message: 'the container is unhealthy',
    status: 'acting',
    playbook: 'container-unhealthy',
    occurrences: 1,
    attempts: 1,
    workflowId: 'heal/x',
    runId: 'run-1',
    firstSeenAt: '2026-04-19T03:00:00.000Z',
    lastSeenAt: '2026-04-19T03:00:01.000Z',
    resolvedAt: null,
    escalatedAt: null,
    revision: 1,
    metadata: {},
    ...changes,
  };
}

export function healLogRecord(incidentId: string, changes: Partial<HealLogRecord> = {}): HealLogRecord {
  return {
    idempotencyKey: `${incidentId}/1`,
    incidentId,
    playbook: 'container-unhealthy',
    attempt: 1,
    actionType: 'DOCKER_RESTART',
    command: 'docker restart -t 10 0123',
    result: 'success',
    durationMs: 812,
    output: 'ok',
    error: null,
    startedAt: '2026-04-19T03:00:00.500Z',
    steps: [{ step: 'act', durationMs: 700, detail: 'restarted' }],
    ...changes,
  };
}

export function insightRecord(incidentId: string, changes: Partial<InsightRecord> = {}): InsightRecord {
  return {
    incidentId,
    insightType: 'auto_heal_playbook',
    event: 'CONTAINER_UNHEALTHY on momo-scheduler',
    symptom: 'the health check of momo-scheduler failed',
    action: 'restarted the container',
    result: 'healthy again after 3 s',
    lesson: 'a restart helps',
    metadata: { errorType: 'CONTAINER_UNHEALTHY' },
    ...changes,
  };
}
