import { hasDirection, modelKey, type Embedder } from '../../domain/embedding.ts';
import type { Claimed, EmbeddingQueue } from './queue.ts';

/** Asked for by itself it shows whether the service is there at all, and how many dimensions it gives. */
const harmless = 'autoheal';

/** A text as long as it is, and then as much of it as a small model takes: the head of a text beats no vector. */
const lengths = [8000, 2000, 500];

/** Below the activity's time-out and the rows' lease, both 5 min. */
const atMostMs = 240_000;

export interface EmbeddedRows {
  embedded: number;
  failed: number;
  /** Why rows failed: the last reason, for people. */
  problem: string | null;
  /** What the service gives now. */
  dimensions: number | null;
}

/** @returns the dimension of what the service gives now, or why it gives nothing */
export async function measure(
  embedder: Embedder,
): Promise<{ ok: true; dimensions: number } | { ok: false; message: string }> {
  const answer = await embedder.embed([harmless]);
  if (!answer.ok) return answer;
  const [vector = []] = answer.vectors;
  if (hasDirection(vector)) return { ok: true, dimensions: vector.length };
  return { ok: false, message: `The embedding model ${embedder.model} gives vectors of zeros.` };
}

/**
 * Embeds claimed rows, all in one call; after any failure half by half, so that one text costs itself and no other,
 * whatever the service answers to it. Before that a harmless text tells whether the service is there at all.
 */
export async function embedRows(
  { queue, embedder, dimensions }: { queue: EmbeddingQueue; embedder: Embedder; dimensions: number },
  claimed: readonly Claimed[],
): Promise<EmbeddedRows> {
  const until = Date.now() + atMostMs;
  const model = modelKey(embedder.model, dimensions);
  const total: EmbeddedRows = { embedded: 0, failed: 0, problem: null, dimensions };

  const fail = async ({ id }: Claimed, reason: string): Promise<void> => {
    total.failed += 1;
    total.problem = reason;
    await queue.postpone(id, reason);
  };
  const store = async (row: Claimed, vector: readonly number[]): Promise<void> => {
    const why =
      vector.length !== dimensions
        ? `The embedding model ${embedder.model} gave ${vector.length} numbers where it gives ${dimensions}.`
        : hasDirection(vector)
          ? await queue.store(row.id, vector, model)
          : `The embedding model ${embedder.model} gave a vector of zeros.`;
    if (why === null) total.embedded += 1;
    else await fail(row, why);
  };
  const putBack = async (rows: readonly Claimed[], reason: string): Promise<void> => {
    total.problem = reason;
    await queue.putBack(
      rows.map(({ id }) => id),
      reason,
    );
  };

  /** The same name may give another model's vectors from one call to the next: a tag that was pulled anew. */
  const isAnother = async (vectors: readonly number[][]): Promise<boolean> => {
    if (vectors.every(({ length }) => length === dimensions)) return false;
    const now = await measure(embedder);
    total.dimensions = now.ok ? now.dimensions : dimensions;
    return total.dimensions !== dimensions;
  };

  const embedAll = async (rows: readonly Claimed[], length = lengths[0]): Promise<void> => {
    if (rows.length === 0) return;
    const answer = await embedder.embed(rows.map(({ content }) => content.slice(0, length)));
    if (answer.ok) {
      if (await isAnother(answer.vectors))
        return putBack(rows, `The model ${embedder.model} is another now.`);
      for (const [index, row] of rows.entries()) await store(row, answer.vectors[index] ?? []);
      return;
    }
    if (Date.now() > until || !(await measure(embedder)).ok) return putBack(rows, answer.message);
    const [row] = rows;
    if (rows.length > 1 || row === undefined) {
      const half = Math.ceil(rows.length / 2);
      await embedAll(rows.slice(0, half));
      return embedAll(rows.slice(half));
    }
    const shorter = lengths.find((each) => each < (length ?? 0) && each < row.content.length);
    return shorter === undefined ? fail(row, answer.message) : embedAll([row], shorter);
  };

  await embedAll(claimed);
  return total;
}
