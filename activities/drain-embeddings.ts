import { modelKey, type Embedder } from '../domain/embedding.ts';
import { embedRows, measure, type EmbeddedRows } from './embedding/embed-rows.ts';
import { openEmbeddingQueue } from './embedding/queue.ts';
import type { Database } from './gateways/postgres/database.ts';

export interface Drained extends Omit<EmbeddedRows, 'dimensions'> {
  /** Rows that could be taken at once. */
  due: number;
  /** All rows that aren't done, those that wait for their next attempt included. */
  waiting: number;
  /** Rows that failed for good; their reasons are in the queue. */
  setAside: number;
}

/** How long the dimension that a model gave is taken for granted while nothing contradicts it. */
const trustedMs = 10 * 60_000;

/**
 * The activity `drainEmbeddings`: vectorises what is due in `embedding_retry_queue` (ADR-013 A12), at most `limit`
 * rows. A row that fails is due again later, and set aside with its reason after five times; none is ever dropped,
 * whatever is killed when. While the service is away nothing is held against any row.
 *
 * @throws ApplicationFailure `DatabaseAway` (retryable) when the database can't answer now
 */
export function createDrainEmbeddings({ database, embedder }: { database: Database; embedder: Embedder }) {
  let known: { dimensions: number; untilMs: number } | null = null;

  async function dimensionsNow(): Promise<{ ok: true; dimensions: number } | { ok: false; message: string }> {
    if (known !== null && Date.now() < known.untilMs) return { ok: true, dimensions: known.dimensions };
    const measured = await measure(embedder);
    known = measured.ok ? { dimensions: measured.dimensions, untilMs: Date.now() + trustedMs } : null;
    return measured;
  }

  async function drain(limit: number): Promise<Omit<EmbeddedRows, 'dimensions'>> {
    const queue = openEmbeddingQueue(database);
    const nothing = (problem: string) => ({ embedded: 0, failed: 0, problem });
    const measured = await dimensionsNow();
    if (!measured.ok) return nothing(measured.message);
    const { dimensions } = measured;
    const model = modelKey(embedder.model, dimensions);
    const chosen = await queue.choose(model, dimensions);
    if (chosen !== model) return nothing(`Another worker embeds by ${chosen}; this one has ${model}.`);
    const { dimensions: now, ...done } = await embedRows(
      { queue, embedder, dimensions },
      await queue.claim(model, limit),
    );
    if (now !== dimensions) known = null;
    return done;
  }

  return async function drainEmbeddings({ limit }: { limit: number }): Promise<Drained> {
    const { embedded, failed, problem } = await drain(limit);
    return { embedded, failed, ...(await openEmbeddingQueue(database).count()), problem };
  };
}
