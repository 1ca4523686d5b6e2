import type { HealLogRecord } from '../domain/incident/records.ts';
import { storableJson } from './gateways/postgres/database.ts';
import { settleWrite, type RecordStore } from './records/settle-write.ts';

/**
 * The first write of an attempt wins. An incident whose own record is late, or was set aside, gets a stand-in of
 * revision 0, which the real record replaces: the heal log need not wait for it.
 */
const insertHealLog = `
  WITH stand_in AS (
    INSERT INTO incidents (id, message, first_seen_at, last_seen_at, revision, metadata)
    VALUES ($1, 'The record of this incident has not arrived yet', $10, $10, 0, '{"standIn": true}')
    ON CONFLICT (id) DO NOTHING)
  INSERT INTO heal_logs (incident_id, playbook, playbook_id, attempt, action_type, command, result, duration_ms,
    output, error, started_at, idempotency_key, steps)
  VALUES ($1, $2, (SELECT id FROM playbooks WHERE name = $2), $3, $4, $5, $6, $7,
    $8, $9, $10, $11, $12)
  ON CONFLICT (idempotency_key) DO NOTHING`;

/** `integer` in the database: 24 days, longer than any attempt. */
const longestMs = 2_147_483_647;

/** The activity `writeHealLog`: one row for each attempt, whatever its result. Throws as settleWrite says. */
export function createWriteHealLog(store: RecordStore) {
  return async function writeHealLog({ record }: { record: HealLogRecord }): Promise<{ written: true }> {
    const result = await store.database.query(insertHealLog, [
      record.incidentId,
      record.playbook,
      record.attempt,
      record.actionType,
      record.command,
      record.result,
      Math.min(record.durationMs, longestMs),
      record.output,
      record.error,
      record.startedAt,
      record.idempotencyKey,
      storableJson(record.steps),
    ]);
    return settleWrite(store, { kind: 'heal-log', key: record.idempotencyKey, record }, result);
  };
}
