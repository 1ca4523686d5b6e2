import { curingActions } from '../../domain/vocabulary/actions.ts';
import type { PlaybookGrade } from '../../domain/matching/grade.ts';
import type { Database } from '../gateways/postgres/database.ts';
import type { Breaker } from './breaker.ts';

/**
 * How playbooks did in the last 90 days, an incident counted once for each playbook that acted in it. It helped
 * where its attempt succeeded, the incident was resolved, and did not come back within the hour. Playbooks that only
 * tell or diagnose cure nothing and have no grade.
 */
const selectGrades = `
  SELECT playbook, count(*) FILTER (WHERE helped)::int AS resolved, count(*) FILTER (WHERE NOT helped)::int AS failed
  FROM (
    SELECT l.playbook, i.id, i.status = 'resolved' AND bool_or(l.result = 'success') AND NOT EXISTS (
        SELECT FROM incidents later WHERE later.relapse_of = i.id
          AND later.first_seen_at < i.resolved_at + interval '1 hour') AS helped
    FROM incidents i JOIN heal_logs l ON l.incident_id = i.id
    WHERE i.error_type = $1 AND ($2::text IS NULL OR i.target = $2)
      AND i.first_seen_at > now() - interval '90 days' AND i.status IN ('resolved', 'escalated')
      AND l.playbook IS NOT NULL AND l.result IN ('success', 'failure', 'unknown')
      AND l.action_type = ANY($3)
    GROUP BY l.playbook, i.id) AS cases
  GROUP BY playbook ORDER BY playbook`;

/** @returns nothing while the database is away: then playbooks are tried in their own order */
export async function readGrades(
  { database, breaker }: { database: Database; breaker: Breaker },
  { errorType, target }: { errorType: string; target: string | null },
): Promise<PlaybookGrade[]> {
  const query = () =>
    database.query<{ playbook: string; resolved: number; failed: number }>(
      selectGrades,
      [errorType, target, curingActions],
      { timeoutMs: 1000 },
    );
  const answer = await breaker.ask(query);
  return answer.ok ? answer.rows : [];
}
