import type { Embedder } from '../domain/embedding.ts';
import type { Database } from './gateways/postgres.ts';
import { openEmbeddingQueue, type Claimed, type EmbeddingQueue } from './embedding/queue.ts';

export interface Drained {
  embedded: number;
  failed: number;
  /** Rows that could be taken at once. */
  due: number;
  /** All rows that aren't done, those that wait for their next attempt included. */
  waiting: number;
  /** Why rows failed: the last reason, for people. */
  problem: string | null;
}

const longestText = 8000;

/**
 * The activity `drainEmbeddings`: vectorises what is due in `embedding_retry_queue` (ADR-013 A12), at most `limit`
 * rows. A row that fails is due again later; none is ever dropped, whatever is killed when.
 *
 * @throws ApplicationFailure `DatabaseAway` (retryable) when the database can't answer now
 */
export function createDrainEmbeddings({ database, embedder }: { database: Database; embedder: Embedder }) {
  return async function drainEmbeddings({ limit }: { limit: number }): Promise<Drained> {
    const queue = openEmbeddingQueue(database, embedder.model);
    const claimed = await queue.claim(limit);
    const problem = claimed.length === 0 ? null : await embedAll(queue, embedder, claimed);
    const failed = problem?.rows ?? 0;
    const { due, waiting } = await queue.count();
    return { embedded: claimed.length - failed, failed, due, waiting, problem: problem?.reason ?? null };
  };
}

interface Problem {
  rows: number;
  reason: string;
}

/** All in one call; where the service refuses a text, one by one, so that one text doesn't hold up the others. */
async function embedAll(queue: EmbeddingQueue, embedder: Embedder, rows: Claimed[]): Promise<Problem | null> {
  const answer = await embedder.embed(rows.map((row) => row.content.slice(0, longestText)));
  if (!answer.ok) {
    if (answer.kind === 'refused' && rows.length > 1) {
      const each = [];
      for (const row of rows) each.push(await embedAll(queue, embedder, [row]));
      return sum(each);
    }
    await queue.postpone(
      rows.map((row) => row.id),
      answer.message,
    );
    return { rows: rows.length, reason: answer.message };
  }
  const problems: (Problem | null)[] = [];
  for (const [index, row] of rows.entries()) {
    const refusal = await queue.store(row.id, answer.vectors[index] ?? [], embedder.model);
    if (refusal === null) continue;
    await queue.postpone([row.id], refusal);
    problems.push({ rows: 1, reason: refusal });
  }
  return sum(problems);
}

function sum(problems: (Problem | null)[]): Problem | null {
  const real = problems.filter((problem) => problem !== null);
  const last = real.at(-1);
  if (last === undefined) return null;
  return { rows: real.reduce((rows, problem) => rows + problem.rows, 0), reason: last.reason };
}
