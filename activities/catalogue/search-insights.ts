import { hasDirection, modelKey, type Embedder } from '../../domain/embedding.ts';
import type { Database, DatabaseFailure, Parameter, Row } from '../gateways/postgres/database.ts';
import { within } from '../within.ts';
import type { Breaker } from './breaker.ts';
import { toFound, type FoundInsight } from './found-insight.ts';

export interface Library {
  database: Database;
  /** The search's own: what is slow here must not keep anybody from asking for playbooks or recipients. */
  breaker: Breaker;
  embedder: Embedder;
}

export interface Searched {
  found: FoundInsight[];
  /** Why it could not be searched by meaning, or not at all, for people; null where it could. */
  problem: string | null;
  /** False where nothing could be searched: that nothing was found then says nothing. */
  searched: boolean;
}

const columns = `a.id::text AS id, a.insight_type, a.incident_id::text AS incident_id, a.event, a.symptom, a.action, a.result,
  a.lesson, a.content, a.created_at`;

const selectSimilar = `
  SELECT ${columns}, near.similarity FROM autoheal_nearest($1, $2::real[], $3) AS near JOIN ai_insights a ON a.id = near.id
  WHERE near.similarity >= $4 ORDER BY near.similarity DESC, a.created_at DESC`;

const selectOfType = `
  SELECT ${columns}, NULL::float8 AS similarity FROM ai_insights a JOIN incidents i ON i.id = a.incident_id
  WHERE i.error_type = $1 ORDER BY a.created_at DESC LIMIT $2`;

const selectByWords = `
  SELECT ${columns}, NULL::float8 AS similarity FROM (
    SELECT *, ts_rank(search_words, to_tsquery('simple', $1)) AS rank FROM (
      SELECT * FROM ai_insights WHERE search_words @@ to_tsquery('simple', $1) ORDER BY created_at DESC LIMIT 5000) AS newest
    ORDER BY rank DESC, created_at DESC LIMIT $2) AS a`;

/** Below this the lexical embedder's neighbours have little more in common than their language. */
const leastSimilarity = 0.2;

/**
 * Past cases like this one (ADR-013 A16), the most similar first. Where the meaning can't be compared (the model is
 * away, nothing is embedded yet) it goes by the error type that the text begins with, else by its words.
 * @param budgetMs for all of it: what a heal, or a person, waits at most
 */
export async function searchInsights(
  library: Library,
  text: string,
  { limit, budgetMs }: { limit: number; budgetMs: number },
): Promise<Searched> {
  const until = Date.now() + budgetMs;
  const meaning = await byMeaning(library, text, limit, until);
  if (meaning.found.length > 0) return meaning;
  const errorType = /^[A-Z][A-Z0-9_]{1,47}\b/.exec(text)?.[0];
  const other =
    errorType !== undefined
      ? await ask(library, until, selectOfType, [errorType, limit])
      : await byWords(library, until, text, limit);
  if (other.ok) return { found: other.rows.map(toFound), problem: meaning.problem, searched: true };
  return { found: [], problem: meaning.problem ?? other.message, searched: meaning.searched };
}

async function byMeaning(library: Library, text: string, limit: number, until: number): Promise<Searched> {
  const { embedder } = library;
  const failed = (problem: string): Searched => ({ found: [], problem, searched: false });
  // A third is left for the database.
  const patienceMs = Math.max(1, Math.floor((until - Date.now()) * (2 / 3)));
  const embedded = await within(patienceMs, embedder.embed([text]));
  if (embedded === null)
    return failed(`The embedding model ${embedder.model} gave no answer in ${patienceMs} ms.`);
  if (!embedded.ok) return failed(embedded.message);
  const [vector = []] = embedded.vectors;
  if (!hasDirection(vector)) return failed(`The embedding model ${embedder.model} gave a vector of zeros.`);
  const params = [modelKey(embedder.model, vector.length), vector, limit, leastSimilarity];
  const similar = await ask(library, until, selectSimilar, params);
  return similar.ok
    ? { found: similar.rows.map(toFound), problem: null, searched: true }
    : failed(similar.message);
}

/** Any of its words, by how many of them a row has. */
async function byWords(library: Library, until: number, text: string, limit: number) {
  const words = [...new Set(text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu))].slice(0, 20);
  if (words.length === 0) return { ok: true as const, rows: [] };
  return ask(library, until, selectByWords, [words.map((word) => `'${word}'`).join(' | '), limit]);
}

/** The server gives up in time, too: a search that nobody waits for any more must not go on working there. */
async function ask(
  { database, breaker }: Library,
  until: number,
  sql: string,
  params: readonly Parameter[],
): Promise<{ ok: true; rows: Row[] } | DatabaseFailure> {
  const leftMs = Math.floor(until - Date.now());
  if (leftMs < minimumMs) {
    const message = 'There was no time left to search for past cases.';
    return { ok: false, kind: 'away', code: 'TIMEOUT', message };
  }
  const query = async () => {
    const answer = await database.transaction(
      async (statement) => {
        await statement(`SELECT set_config('statement_timeout', $1, true)`, [String(leftMs)]);
        return statement(sql, params);
      },
      { timeoutMs: leftMs },
    );
    return answer.ok ? { ok: true as const, rows: answer.value, rowCount: answer.value.length } : answer;
  };
  return breaker.ask(query, leftMs);
}

/** Less is no time for a query. */
const minimumMs = 5;
