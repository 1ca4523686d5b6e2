import type {
  HealLogView,
  IncidentDetail,
  IncidentView,
  InsightView,
} from '../domain/incident/incident-view.ts';
import type { IncidentStatus } from '../domain/vocabulary/vocabulary.ts';
import type { Database, Parameter, Row } from './gateways/postgres/database.ts';

export interface IncidentQuery {
  status?: IncidentStatus;
  limit: number;
  /** ISO time: only incidents first seen before it. */
  before?: string;
}

/** For people who look back: unlike the healer, they are told when the database is away. */
export class IncidentsUnreadable extends Error {
  override readonly name = 'IncidentsUnreadable';
  readonly code: 'DATABASE_AWAY' | 'DATABASE_REFUSED';
  constructor(kind: 'away' | 'refused', message: string) {
    super(message);
    this.code = kind === 'away' ? 'DATABASE_AWAY' : 'DATABASE_REFUSED';
  }
}

const selectIncidents = `
  SELECT id::text, fingerprint, error_type, severity, source, task, host, target, message, status, playbook,
    occurrences, attempts, relapse_of::text, workflow_id, run_id, first_seen_at, last_seen_at, resolved_at,
    escalated_at, metadata
  FROM incidents`;
const selectHealLogs = `
  SELECT attempt, playbook, action_type, command, result, duration_ms::float8 AS duration_ms, output, error,
    started_at, steps
  FROM heal_logs WHERE incident_id = $1 ORDER BY attempt, started_at`;
const selectInsight = `
  SELECT event, symptom, action, result, lesson, created_at
  FROM ai_insights WHERE incident_id = $1 AND insight_type = 'auto_heal_playbook' ORDER BY created_at DESC LIMIT 1`;

/**
 * Reads incidents back, the newest first.
 *
 * @throws IncidentsUnreadable when the database can't be read; `code` says why
 */
export function createIncidentReader({ database }: { database: Database }) {
  /** The columns of each statement are, name by name, the fields of its `View`. */
  async function rows<View>(sql: string, params: Parameter[]): Promise<View[]> {
    const answer = await database.query(sql, params, { timeoutMs: 5000 });
    if (!answer.ok) throw new IncidentsUnreadable(answer.kind, answer.message);
    return answer.rows.map((row) => toView(row) as View);
  }

  return {
    async list({ status, limit, before }: IncidentQuery): Promise<IncidentView[]> {
      return rows<IncidentView>(
        `${selectIncidents} WHERE ($1::text IS NULL OR status = $1) AND ($2::timestamptz IS NULL OR first_seen_at < $2)
         ORDER BY first_seen_at DESC, id LIMIT $3`,
        [status ?? null, before ?? null, limit],
      );
    },
    /** @returns null where there is no incident of this id */
    async show(id: string): Promise<IncidentDetail | null> {
      if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) return null;
      const [incident] = await rows<IncidentView>(`${selectIncidents} WHERE id = $1`, [id]);
      if (incident === undefined) return null;
      const healLogs = await rows<HealLogView>(selectHealLogs, [id]);
      const [insight] = await rows<InsightView>(selectInsight, [id]);
      return { ...incident, healLogs, insight: insight ?? null };
    },
  };
}
export type IncidentReader = ReturnType<typeof createIncidentReader>;

/** `first_seen_at` → `firstSeenAt`, with an ISO time. */
function toView(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value instanceof Date ? value.toISOString() : value,
    ]),
  );
}
