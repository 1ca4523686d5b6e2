import type { Rows } from '../site/rows.ts';
import type { HealLogRow, IncidentRow, InsightRow, Records } from './evidence.ts';

/** Reads all of the three tables. */
export async function readRecords(rows: Rows): Promise<Records> {
  const [incidents, healLogs, insights] = await Promise.all([
    rows<IncidentRow>(`
      SELECT id, metadata #>> '{labels,case}' AS "case", error_type AS "errorType", status, occurrences, attempts,
        (extract(epoch FROM first_seen_at) * 1000)::float8 AS "firstSeenAtMs"
      FROM incidents`),
    rows<HealLogRow>(`
      SELECT incident_id AS "incidentId", attempt, action_type AS "actionType", result, command,
        (extract(epoch FROM started_at) * 1000)::float8 AS "startedAtMs", duration_ms AS "durationMs"
      FROM heal_logs ORDER BY started_at`),
    rows<InsightRow>(`
      SELECT incident_id AS "incidentId", queue.insight_id IS NOT NULL AS queued
      FROM ai_insights LEFT JOIN embedding_retry_queue queue ON queue.insight_id = ai_insights.id
      WHERE insight_type = 'auto_heal_playbook'`),
  ]);
  return { incidents, healLogs, insights };
}
