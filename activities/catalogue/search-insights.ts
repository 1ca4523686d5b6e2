import type { Embedder } from '../../domain/embedding.ts';
import type { Database, Row } from '../gateways/postgres.ts';
import type { Breaker } from './breaker.ts';
import { within } from '../within.ts';

export interface FoundInsight {
  insightId: string;
  insightType: string;
  incidentId: string | null;
  event: string | null;
  symptom: string | null;
  action: string | null;
  result: string | null;
  lesson: string | null;
  content: string | null;
  /** ISO time. */
  createdAt: string;
  /** Cosine, 1 for the same text; null where it was found by error type. */
  similarity: number | null;
}

export interface Library {
  database: Database;
  breaker: Breaker;
  embedder: Embedder;
}

const columns = `a.id::text AS id, a.insight_type, a.incident_id::text AS incident_id, a.event, a.symptom, a.action, a.result,
  a.lesson, a.content, a.created_at`;

/** Exact over the newest ones: some tens of milliseconds, and no index that a change of model would break. */
const selectSimilar = `
  SELECT * FROM (
    SELECT ${columns}, autoheal_similarity(a.embedding, $1::real[]) AS similarity
    FROM (SELECT * FROM ai_insights WHERE embedding_model = $2 ORDER BY created_at DESC LIMIT 20000) AS a
  ) AS compared
  WHERE similarity >= $3 ORDER BY similarity DESC, created_at DESC LIMIT $4`;

const selectOfType = `
  SELECT ${columns}, NULL::float8 AS similarity FROM ai_insights a JOIN incidents i ON i.id = a.incident_id
  WHERE i.error_type = $1 ORDER BY a.created_at DESC LIMIT $2`;

/** Below this the lexical embedder's neighbours have little more in common than their language. */
const leastSimilarity = 0.2;

/**
 * Past cases like this one (ADR-013 A16), the most similar first; where there are none, or no vectors yet, the latest of the
 * error type that the text begins with.
 *
 * @returns nothing while the database is away
 */
export async function searchInsights(library: Library, text: string, limit: number): Promise<FoundInsight[]> {
  const { database, breaker, embedder } = library;
  // A heal doesn't wait for a slow embedding service: then the search goes by error type.
  const embedded = await within(1000, embedder.embed([text]));
  const vector = embedded?.ok === true ? embedded.vectors[0] : undefined;
  if (vector !== undefined) {
    const params = [vector, embedder.model, leastSimilarity, limit];
    const similar = await breaker.ask(() => database.query(selectSimilar, params, { timeoutMs: 1000 }));
    if (similar.ok && similar.rows.length > 0) return similar.rows.map(toFound);
  }
  const errorType = /^[A-Z][A-Z0-9_]{1,47}\b/.exec(text)?.[0];
  if (errorType === undefined) return [];
  const latest = await breaker.ask(() =>
    database.query(selectOfType, [errorType, limit], { timeoutMs: 1000 }),
  );
  return latest.ok ? latest.rows.map(toFound) : [];
}

/** @returns a line for people: when, what happened, what was done, how it went */
export function describeFound({ createdAt, symptom, event, content, action, result }: FoundInsight): string {
  const what = [symptom ?? event ?? content, action, result].filter((part) => part !== null && part !== '');
  const line = what.map((part) => shorten(part ?? '', 120)).join(' → ');
  return `${createdAt.slice(0, 10)}: ${line}`;
}

function toFound(row: Row): FoundInsight {
  const text = (name: string): string | null => {
    const value = row[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    insightId: String(row['id']),
    insightType: text('insight_type') ?? '',
    incidentId: text('incident_id'),
    event: text('event'),
    symptom: text('symptom'),
    action: text('action'),
    result: text('result'),
    lesson: text('lesson'),
    content: text('content'),
    createdAt: row['created_at'] instanceof Date ? row['created_at'].toISOString() : '',
    similarity: typeof row['similarity'] === 'number' ? row['similarity'] : null,
  };
}

function shorten(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}
