import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import type { Database, Parameter, Row } from '../gateways/postgres/database.ts';

/** A row that is ours to embed until its lease ends; should we die, it is due again then. */
export interface Claimed {
  id: string;
  content: string;
}

export interface EmbeddingQueue {
  /**
   * Whether rows are to be embedded by this model: the one that was chosen last is, and another takes over when
   * that one was not seen for ten minutes. @returns the model that embeds now
   */
  choose(model: string, dimensions: number): Promise<string>;
  /** Takes rows that are due, and none that another drain holds; rows of other models become due for `model`. */
  claim(model: string, limit: number): Promise<Claimed[]>;
  /** @returns null when stored, else why the database refuses this vector */
  store(id: string, vector: readonly number[], model: string): Promise<string | null>;
  /** A row that failed by itself: due again after 10 s, 20 s, 40 s …; the fifth time it is set aside with its reason. */
  postpone(id: string, error: string): Promise<void>;
  /** Rows that could not be tried: due again soon, and nothing is held against them. */
  putBack(ids: readonly string[], error: string): Promise<void>;
  count(): Promise<{ due: number; waiting: number; setAside: number }>;
}

const attemptsAtMost = 5;

/** @returns whether it was not known before */
const meetModel = `
  INSERT INTO embedding_models AS m (model) VALUES ($1)
  ON CONFLICT (model) DO UPDATE SET seen_at = now() RETURNING (m.xmax = 0) AS is_new`;

const selectChosen = `
  SELECT model, seen_at > now() - interval '10 minutes' AS alive FROM embedding_models
  ORDER BY chosen_at DESC, model LIMIT 1`;

const chooseModel = `UPDATE embedding_models SET chosen_at = clock_timestamp(), seen_at = now() WHERE model = $1`;

/** What another model refused may suit this one. */
const tryAgain = `
  UPDATE embedding_retry_queue SET set_aside_at = NULL, attempts = 0, next_attempt_at = now()
  WHERE set_aside_at IS NOT NULL`;

/** Rows that a bulk load or a restore brought past the trigger, and those whose model is no longer the one in use. */
const queueStrays = `
  INSERT INTO embedding_retry_queue (insight_id)
  SELECT a.id FROM ai_insights a
  WHERE (a.embedding IS NULL AND NOT EXISTS (SELECT FROM embedding_retry_queue q WHERE q.insight_id = a.id))
    OR (a.embedding IS NOT NULL AND a.embedding_model IS DISTINCT FROM $1
      AND NOT EXISTS (SELECT FROM embedding_retry_queue q WHERE q.insight_id = a.id AND q.done_at IS NULL))
  ORDER BY a.created_at DESC LIMIT $2
  ON CONFLICT (insight_id) DO UPDATE SET done_at = NULL, attempts = 0, next_attempt_at = now()
    WHERE embedding_retry_queue.done_at IS NOT NULL`;

const claimDue = `
  UPDATE embedding_retry_queue q SET next_attempt_at = now() + interval '5 minutes', attempts = q.attempts + 1
  FROM (SELECT id FROM embedding_retry_queue WHERE done_at IS NULL AND set_aside_at IS NULL AND next_attempt_at <= now()
    ORDER BY next_attempt_at, id LIMIT $1 FOR UPDATE SKIP LOCKED) AS due
  WHERE q.id = due.id
  RETURNING q.id::text AS id, (SELECT coalesce(nullif(a.content, ''),
    concat_ws(E'\\n', a.event, a.symptom, a.action, a.result, a.lesson)) FROM ai_insights a WHERE a.id = q.insight_id) AS content`;

const storeVector = `
  WITH done AS (UPDATE embedding_retry_queue SET done_at = now(), last_error = NULL WHERE id = $1 RETURNING insight_id)
  UPDATE ai_insights SET embedding = $2::real[], embedding_model = $3 WHERE id = (SELECT insight_id FROM done)`;

const postponeRow = `
  UPDATE embedding_retry_queue SET last_error = $2,
    set_aside_at = CASE WHEN attempts >= ${attemptsAtMost} THEN now() END,
    next_attempt_at = now() + least(interval '1 hour', interval '10 seconds' * power(2, least(attempts - 1, 20)))
  WHERE id = $1`;

const putBackRows = `
  UPDATE embedding_retry_queue SET last_error = $2, attempts = greatest(attempts - 1, 0),
    next_attempt_at = now() + interval '10 seconds'
  WHERE id = ANY ($1)`;

const countOpen = `
  SELECT count(*) FILTER (WHERE set_aside_at IS NULL AND next_attempt_at <= now())::int AS due,
    count(*) FILTER (WHERE set_aside_at IS NULL)::int AS waiting,
    count(*) FILTER (WHERE set_aside_at IS NOT NULL)::int AS "setAside"
  FROM embedding_retry_queue WHERE done_at IS NULL`;

/**
 * `embedding_retry_queue`, seen from a drain.
 *
 * Every method throws ApplicationFailure `DatabaseAway` (retryable) when the database can't answer now.
 */
export function openEmbeddingQueue(database: Database): EmbeddingQueue {
  async function rows<R extends Row>(sql: string, params: readonly Parameter[] = []): Promise<R[]> {
    const answer = await database.query<R>(sql, params);
    if (!answer.ok) throw ApplicationFailure.retryable(answer.message, failureTypes.databaseAway);
    return answer.rows;
  }

  return {
    async choose(model, dimensions) {
      const [met] = await rows<{ is_new: boolean }>(meetModel, [model]);
      if (met?.is_new === true) {
        await rows('SELECT autoheal_index_model($1, $2)', [model, dimensions]);
        await rows(tryAgain);
      }
      const [chosen] = await rows<{ model: string; alive: boolean }>(selectChosen);
      if (chosen === undefined || chosen.model === model || chosen.alive) return chosen?.model ?? model;
      await rows(chooseModel, [model]);
      return model;
    },
    async claim(model, limit) {
      await rows(queueStrays, [model, limit]);
      const claimed = await rows<{ id: string; content: string | null }>(claimDue, [limit]);
      return claimed.map(({ id, content }) => ({ id, content: content ?? '' }));
    },
    async store(id, vector, model) {
      const answer = await database.query(storeVector, [id, vector, model]);
      if (answer.ok) return null;
      if (answer.kind === 'refused') return answer.message;
      throw ApplicationFailure.retryable(answer.message, failureTypes.databaseAway);
    },
    async postpone(id, error) {
      await rows(postponeRow, [id, error]);
    },
    async putBack(ids, error) {
      await rows(putBackRows, [ids, error]);
    },
    async count() {
      const [counted] = await rows<{ due: number; waiting: number; setAside: number }>(countOpen);
      return counted ?? { due: 0, waiting: 0, setAside: 0 };
    },
  };
}
