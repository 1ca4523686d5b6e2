import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../domain/failures.ts';
import type { Database, Parameter, Row } from '../gateways/postgres.ts';

/** A row that is ours to embed until its lease ends; should we die, it is due again then. */
export interface Claimed {
  id: string;
  content: string;
}

export interface EmbeddingQueue {
  /** Takes rows that are due, and none that another drain holds. */
  claim(limit: number): Promise<Claimed[]>;
  /** @returns null when stored, else why the database refuses this vector */
  store(id: string, vector: readonly number[], model: string): Promise<string | null>;
  /** Due again after 10 s, 20 s, 40 s … at most an hour. Nothing is ever given up. */
  postpone(ids: readonly string[], error: string): Promise<void>;
  count(): Promise<{ due: number; waiting: number }>;
}

/** Rows that a bulk load or a restore brought past the trigger, and those whose model is no longer the one in use. */
const queueStrays = `
  INSERT INTO embedding_retry_queue (insight_id)
  SELECT a.id FROM ai_insights a
  WHERE (a.embedding IS NULL AND NOT EXISTS (SELECT FROM embedding_retry_queue q WHERE q.insight_id = a.id))
    OR a.embedding_model <> $1
  ORDER BY a.created_at DESC LIMIT $2
  ON CONFLICT (insight_id) DO UPDATE SET done_at = NULL, attempts = 0, next_attempt_at = now()
    WHERE embedding_retry_queue.done_at IS NOT NULL`;

const claimDue = `
  UPDATE embedding_retry_queue q SET next_attempt_at = now() + interval '5 minutes', attempts = q.attempts + 1
  FROM (SELECT id FROM embedding_retry_queue WHERE done_at IS NULL AND next_attempt_at <= now()
    ORDER BY next_attempt_at, id LIMIT $1 FOR UPDATE SKIP LOCKED) AS due
  WHERE q.id = due.id
  RETURNING q.id::text AS id, (SELECT coalesce(nullif(a.content, ''),
    concat_ws(E'\\n', a.event, a.symptom, a.action, a.result, a.lesson)) FROM ai_insights a WHERE a.id = q.insight_id) AS content`;

const storeVector = `
  WITH done AS (UPDATE embedding_retry_queue SET done_at = now(), last_error = NULL WHERE id = $1 RETURNING insight_id)
  UPDATE ai_insights SET embedding = $2::real[], embedding_model = $3 WHERE id = (SELECT insight_id FROM done)`;

const postponeRows = `
  UPDATE embedding_retry_queue SET last_error = $2,
    next_attempt_at = now() + least(interval '1 hour', interval '10 seconds' * power(2, least(attempts - 1, 20)))
  WHERE id = ANY ($1)`;

const countOpen = `
  SELECT count(*) FILTER (WHERE next_attempt_at <= now())::int AS due, count(*)::int AS waiting
  FROM embedding_retry_queue WHERE done_at IS NULL`;

/**
 * `embedding_retry_queue`, seen from a drain that embeds by `model`.
 *
 * Every method throws ApplicationFailure `DatabaseAway` (retryable) when the database can't answer now.
 */
export function openEmbeddingQueue(database: Database, model: string): EmbeddingQueue {
  async function rows<R extends Row>(sql: string, params: readonly Parameter[] = []): Promise<R[]> {
    const answer = await database.query<R>(sql, params);
    if (!answer.ok) throw ApplicationFailure.retryable(answer.message, failureTypes.databaseAway);
    return answer.rows;
  }

  return {
    async claim(limit) {
      await rows(queueStrays, [model, limit]);
      const claimed = await rows<{ id: string; content: string | null }>(claimDue, [limit]);
      return claimed.map(({ id, content }) => ({ id, content: content ?? '' }));
    },
    async store(id, vector, usedModel) {
      const answer = await database.query(storeVector, [id, vector, usedModel]);
      if (answer.ok) return null;
      if (answer.kind === 'refused') return answer.message;
      throw ApplicationFailure.retryable(answer.message, failureTypes.databaseAway);
    },
    async postpone(ids, error) {
      await rows(postponeRows, [ids, error]);
    },
    async count() {
      const [counted] = await rows<{ due: number; waiting: number }>(countOpen);
      return counted ?? { due: 0, waiting: 0 };
    },
  };
}
