import type { IncidentRecord } from '../domain/incident/records.ts';
import { storableJson } from './gateways/postgres/database.ts';
import { settleWrite, type RecordStore } from './records/settle-write.ts';

/**
 * One statement, safe to repeat and to deliver late: a row is replaced by a higher revision only. `relapse_of` is
 * the latest incident of the same fingerprint that was resolved in the 24 hours before this one began (loop.md);
 * it is looked up at every write, because that incident's own record may have come late.
 */
const upsertIncident = `
  INSERT INTO incidents (id, fingerprint, error_type, severity, source, task, host, target, message, status,
    playbook, playbook_id, occurrences, attempts, workflow_id, run_id, first_seen_at, last_seen_at,
    resolved_at, escalated_at, revision, metadata, relapse_of)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
    $11, (SELECT id FROM playbooks WHERE name = $11), $12, $13, $14, $15, $16, $17,
    $18, $19, $20, $21,
    (SELECT earlier.id FROM incidents earlier
      WHERE earlier.fingerprint = $2 AND earlier.id <> $1 AND earlier.status = 'resolved'
        AND earlier.resolved_at BETWEEN $16::timestamptz - interval '24 hours' AND $16::timestamptz
      ORDER BY earlier.resolved_at DESC LIMIT 1))
  ON CONFLICT (id) DO UPDATE SET
    fingerprint = excluded.fingerprint, error_type = excluded.error_type, severity = excluded.severity,
    source = excluded.source, task = excluded.task, host = excluded.host, target = excluded.target,
    message = excluded.message, status = excluded.status, playbook = excluded.playbook,
    playbook_id = excluded.playbook_id, occurrences = excluded.occurrences, attempts = excluded.attempts,
    workflow_id = excluded.workflow_id, run_id = excluded.run_id, first_seen_at = excluded.first_seen_at,
    last_seen_at = excluded.last_seen_at, resolved_at = excluded.resolved_at,
    escalated_at = excluded.escalated_at, revision = excluded.revision, metadata = excluded.metadata,
    relapse_of = coalesce(incidents.relapse_of, excluded.relapse_of)
  WHERE incidents.revision < excluded.revision`;

/** The activity `writeIncident`: at open and at every change of state that lasts, and at the end. Throws as settleWrite says. */
export function createWriteIncident(store: RecordStore) {
  return async function writeIncident({ record }: { record: IncidentRecord }): Promise<{ written: true }> {
    const result = await store.database.query(upsertIncident, [
      record.id,
      record.fingerprint,
      record.errorType,
      record.severity,
      record.source,
      record.task,
      record.host,
      record.target,
      record.message,
      record.status,
      record.playbook,
      record.occurrences,
      record.attempts,
      record.workflowId,
      record.runId,
      record.firstSeenAt,
      record.lastSeenAt,
      record.resolvedAt,
      record.escalatedAt,
      record.revision,
      storableJson(record.metadata),
    ]);
    return settleWrite(store, { kind: 'incident', key: `${record.id}-${record.revision}`, record }, result);
  };
}
