import type { InsightRecord } from '../domain/incident/records.ts';
import { storableJson } from './gateways/postgres/database.ts';
import { settleWrite, type RecordStore } from './records/settle-write.ts';

/** ADR-013 A12; a trigger of the table queues the row for embedding. */
const insertInsight = `
  INSERT INTO ai_insights (insight_type, incident_id, event, symptom, action, result, lesson, content, metadata,
    idempotency_key)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (idempotency_key) DO NOTHING`;

/** The activity `writeInsight`: one for each incident that decided something. Throws as settleWrite says. */
export function createWriteInsight(store: RecordStore) {
  return async function writeInsight({ record }: { record: InsightRecord }): Promise<{ written: true }> {
    const key = `${record.incidentId}/${record.insightType}`;
    const parts = [record.event, record.symptom, record.action, record.result, record.lesson];
    const result = await store.database.query(insertInsight, [
      record.insightType,
      record.incidentId,
      ...parts,
      parts.join('\n'),
      storableJson(record.metadata),
      key,
    ]);
    return settleWrite(store, { kind: 'insight', key, record }, result);
  };
}
