import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import type { Lab } from '../../lab/lab.ts';
import type { Scene } from './scenes.ts';

/** A scene's end as the database, the outbox and the lab tell it. */
export interface SceneEnd {
  name: string;
  status: string;
  actionType: string;
  attempts: number;
  durationMs: number;
  healLogs: number;
  insights: number;
  messages: number;
  verdict: string;
  asTold: boolean;
}

interface IncidentRow {
  id: string;
  status: string;
  attempts: number;
  verdict: string | null;
  duration_ms: number;
  action_type: string | null;
  heal_logs: number;
  insights: number;
}

const sql = `
  SELECT i.id, i.status, i.attempts, i.metadata->>'verdict' AS verdict,
         (extract(epoch FROM coalesce(i.resolved_at, i.escalated_at, i.last_seen_at) - i.first_seen_at) * 1000)::int AS duration_ms,
         (SELECT action_type FROM heal_logs h WHERE h.incident_id = i.id ORDER BY h.attempt DESC LIMIT 1) AS action_type,
         (SELECT count(*)::int FROM heal_logs h WHERE h.incident_id = i.id) AS heal_logs,
         (SELECT count(*)::int FROM ai_insights a WHERE a.incident_id = i.id AND a.insight_type = 'auto_heal_playbook') AS insights
  FROM incidents i WHERE i.task = $1 ORDER BY i.first_seen_at`;

/** Reads every figure of the demo back from where it was really left. */
export async function readBack(
  databaseUrl: string,
  home: string,
  scenes: readonly Scene[],
): Promise<SceneEnd[]> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const told = await readOutbox(home);
    const ends: SceneEnd[] = [];
    for (const { name, task, expected } of scenes) {
      const { rows } = await database.query<IncidentRow>(sql, [task]);
      const [row] = rows;
      const end = {
        name,
        status: row?.status ?? 'missing',
        actionType: row?.action_type ?? 'none',
        attempts: row?.attempts ?? 0,
        durationMs: row?.duration_ms ?? 0,
        healLogs: row?.heal_logs ?? 0,
        insights: row?.insights ?? 0,
        messages: row === undefined ? 0 : told.filter((noticeId) => noticeId.startsWith(row.id)).length,
        verdict: row?.verdict ?? 'none',
      };
      const asTold =
        rows.length === 1 &&
        end.status === expected.status &&
        end.actionType === expected.actionType &&
        end.verdict === expected.verdict &&
        end.healLogs >= end.attempts &&
        end.insights === 1 &&
        end.messages >= 1;
      ends.push({ ...end, asTold });
    }
    return ends;
  } finally {
    await database.end();
  }
}

/** A verdict comes before the records: waits until every incident's run has ended, which is when it owes nothing. */
export async function untilNothingIsOwed(client: Client, databaseUrl: string): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const { rows } = await database.query<{ workflow_id: string; run_id: string }>(
      'SELECT workflow_id, run_id FROM incidents',
    );
    await Promise.all(
      rows.map(({ workflow_id, run_id }) => client.workflow.getHandle(workflow_id, run_id).result()),
    );
  } finally {
    await database.end();
  }
}

/** Ids of the notices that were handed over. */
async function readOutbox(home: string): Promise<string[]> {
  const text = await readFile(join(home, 'outbox.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { noticeId: string; result: string })
    .filter(({ result }) => result === 'sent')
    .map(({ noticeId }) => noticeId);
}

/** Side effects on protected containers that came by a command: there must be none. */
export function protectedSideEffects(lab: Lab): number {
  return lab.runs
    .effects()
    .filter(({ container, commandId }) => /^momo-(db|postgres)$/.test(container) && commandId !== null)
    .length;
}
