import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBreaker } from '../../activities/catalogue/breaker.ts';
import { searchInsights } from '../../activities/catalogue/search-insights.ts';
import { createDrainEmbeddings } from '../../activities/drain-embeddings.ts';
import { createHttpEmbedder } from '../../activities/gateways/embedding/http-embedder.ts';
import { createLexicalEmbedder } from '../../activities/gateways/embedding/lexical-embedder.ts';
import { migrate } from '../../activities/gateways/postgres/migrate.ts';
import { openDatabase, type Database } from '../../activities/gateways/postgres/database.ts';
import { startPglite, type EmbeddedDatabase } from '../../workers/embedded/pglite.ts';
import { migrationsDir } from '../support/database-clones.ts';
import { testDatabase } from '../support/shared-postgres.ts';

const lexical = createLexicalEmbedder();
let service: Server;
let address: string;
/** What the service answers to a list of texts. */
let answer: (texts: string[]) => { status: number; body: unknown };

beforeAll(async () => {
  service = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { input } = JSON.parse(text) as { input: string[] };
      const { status, body } = answer(input);
      const vectors = Array.isArray(body) ? body : null;
      const spoken =
        request.url === '/api/embed'
          ? { embeddings: vectors }
          : { data: vectors?.map((embedding, index) => ({ index, embedding: embedding as unknown })) };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(vectors === null ? body : spoken));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
afterAll(() => service.close());
beforeEach(() => {
  answer = (texts) => ({ status: 200, body: texts.map((text) => [text.length, 1, 0]) });
});

async function rows(database: Database, sql: string): Promise<Record<string, unknown>[]> {
  const result = await database.query(sql);
  if (!result.ok) throw new Error(result.message);
  return result.rows;
}
const insert = (database: Database, ...texts: string[]) =>
  rows(database, `INSERT INTO ai_insights (content) VALUES ${texts.map((text) => `('${text}')`).join()}`);

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const database = openDatabase({ url: await testDatabase() });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

describe('draining the embedding queue', () => {
  it('vectorises each row once, also when several drains run together', () =>
    withDatabase(async (database) => {
      await insert(database, ...Array.from({ length: 30 }, (_, index) => `text ${index}`));
      const drain = createDrainEmbeddings({ database, embedder: lexical });
      const all = await Promise.all([1, 2, 3, 4].map(() => drain({ limit: 10 })));
      expect(all.reduce((sum, { embedded }) => sum + embedded, 0)).toBe(30);
      expect(
        await rows(
          database,
          `SELECT count(*)::int AS n, count(DISTINCT embedding_model)::int AS models FROM ai_insights
        WHERE embedding IS NOT NULL`,
        ),
      ).toEqual([{ n: 30, models: 1 }]);
      expect(await drain({ limit: 10 })).toEqual({
        embedded: 0,
        failed: 0,
        due: 0,
        waiting: 0,
        setAside: 0,
        problem: null,
      });
    }));

  it('says why nothing is embedded while the service is away, and goes on later', () =>
    withDatabase(async (database) => {
      await insert(database, 'one');
      answer = () => ({ status: 503, body: { error: 'loading the model' } });
      const embedder = createHttpEmbedder({ url: address, model: 'm', api: 'ollama' });
      const drain = createDrainEmbeddings({ database, embedder });
      const drained = await drain({ limit: 10 });
      expect(drained).toMatchObject({ embedded: 0, failed: 0, due: 1, waiting: 1 });
      expect(drained.problem).toContain('answers 503');
      answer = (texts) => ({ status: 200, body: texts.map(() => [1, 2, 3]) });
      expect(await drain({ limit: 10 })).toMatchObject({ embedded: 1, failed: 0, waiting: 0 });
    }));

  it('doesn’t let one text that the service refuses hold up the others', () =>
    withDatabase(async (database) => {
      await insert(database, 'good', 'poison', 'fine');
      answer = (texts) =>
        texts.includes('poison')
          ? { status: 400, body: { error: 'too odd' } }
          : { status: 200, body: texts.map(() => [1, 0]) };
      const embedder = createHttpEmbedder({ url: `${address}/v1`, model: 'm', api: 'openai' });
      const drained = await createDrainEmbeddings({ database, embedder })({ limit: 10 });
      expect(drained).toMatchObject({ embedded: 2, failed: 1, waiting: 1 });
      expect(drained.problem).toMatch(/refuses the text \(400/);
    }));

  it('finds rows that came past the trigger, and those of a model that is no longer used', () =>
    withDatabase(async (database) => {
      await insert(database, 'old', 'stray');
      await createDrainEmbeddings({ database, embedder: lexical })({ limit: 10 });
      await rows(
        database,
        `DELETE FROM embedding_retry_queue q USING ai_insights a WHERE a.id = q.insight_id AND a.content = 'stray'`,
      );
      await rows(
        database,
        `UPDATE ai_insights SET embedding = NULL, embedding_model = NULL WHERE content = 'stray'`,
      );
      const embedder = createHttpEmbedder({ url: address, model: 'other', api: 'ollama' });
      expect(await createDrainEmbeddings({ database, embedder })({ limit: 10 })).toMatchObject({
        embedded: 2,
      });
      expect(await rows(database, 'SELECT DISTINCT embedding_model AS m FROM ai_insights')).toEqual([
        { m: 'ollama:other/3' },
      ]);
    }));

  it('runs on the embedded database', async () => {
    const embedded: EmbeddedDatabase = await startPglite({
      dir: await mkdtemp(join(tmpdir(), 'autoheal-pglite-')),
    });
    const database = openDatabase({ url: embedded.url });
    try {
      await migrate({ url: embedded.url, dir: migrationsDir, log: () => undefined });
      await insert(database, 'a', 'b', 'c');
      expect(await createDrainEmbeddings({ database, embedder: lexical })({ limit: 2 })).toMatchObject({
        embedded: 2,
        due: 1,
      });
      // With pgvector each model has an index of its own, and a search goes by it.
      const [index] = await rows(
        database,
        `SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'ai_insights_hnsw%'`,
      );
      expect(index?.['indexdef']).toMatch(/hnsw .*vector\(256\).*lexical-256-v1\/256/);
      const breaker = createBreaker();
      const asked = { limit: 2, budgetMs: 10_000 };
      const { found, problem } = await searchInsights({ database, embedder: lexical, breaker }, 'a', asked);
      expect([found.map(({ content }) => content), problem]).toEqual([['a'], null]);
      // Neither one of another length nor one of zeros is in the way.
      await rows(
        database,
        `UPDATE ai_insights SET embedding = '[1,2,3]', embedding_model = 'lexical-256-v1/3' WHERE content = 'b'`,
      );
      await rows(
        database,
        `UPDATE ai_insights SET embedding = array_fill(0::real, ARRAY[256]), embedding_model = 'lexical-256-v1/256' WHERE content = 'c'`,
      );
      const after = await searchInsights({ database, embedder: lexical, breaker }, 'a', asked);
      expect([after.found.map(({ content }) => content), after.problem]).toEqual([['a'], null]);
    } finally {
      await database.close();
      await embedded.close();
    }
  });
});

describe('an embedding service', () => {
  it('that is away, slow or of another kind is an answer in words, without the key', async () => {
    const { port } = service.address() as AddressInfo;
    const away = createHttpEmbedder({
      url: 'http://user:s3cret-word@127.0.0.1:9999',
      model: 'm',
      api: 'ollama',
    });
    expect(await away.embed(['x'])).toEqual({
      ok: false,
      kind: 'away',
      message:
        'The embedding service at http://127.0.0.1:9999/api/embed cannot be reached (ECONNREFUSED). It is tried again.',
    });
    answer = () => ({ status: 200, body: { hello: 'world' } });
    const other = createHttpEmbedder({
      url: `http://127.0.0.1:${port}`,
      model: 'm',
      api: 'openai',
      apiKey: 's3cret-word',
    });
    expect(await other.embed(['x'])).toMatchObject({
      ok: false,
      message: expect.stringMatching(/check EMBEDDING_API/) as unknown,
    });
    answer = () => ({ status: 401, body: {} });
    expect(await other.embed(['x'])).toMatchObject({ ok: false, kind: 'away' });
  });
});
