import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBreaker } from '../../activities/catalogue/breaker.ts';
import { createCatalogue } from '../../activities/catalogue/create-catalogue.ts';
import { searchInsights } from '../../activities/catalogue/search-insights.ts';
import { createDrainEmbeddings } from '../../activities/drain-embeddings.ts';
import { createLexicalEmbedder } from '../../activities/gateways/embedding/lexical-embedder.ts';
import { openDatabase, type Database } from '../../activities/gateways/postgres/database.ts';
import type { Embedded, Embedder } from '../../domain/embedding.ts';
import { seedRecipients } from '../../workers/seed-recipients.ts';
import { testDatabase } from '../support/shared-postgres.ts';

/** Real vectors of a model that a test may slow down, break or swap. */
interface Swayed extends Embedder {
  calls: number;
  answer: ((texts: readonly string[]) => Promise<Embedded>) | null;
}
const lexical = createLexicalEmbedder();
const swayed = (model = lexical.model): Swayed => {
  const embedder: Swayed = {
    model,
    calls: 0,
    answer: null,
    embed: (texts) => {
      embedder.calls += 1;
      return embedder.answer?.(texts) ?? lexical.embed(texts);
    },
  };
  return embedder;
};
const inLength =
  (length: number) =>
  async (texts: readonly string[]): Promise<Embedded> => {
    const embedded = await lexical.embed(texts);
    return embedded.ok
      ? { ok: true, vectors: embedded.vectors.map((vector) => vector.slice(0, length)) }
      : embedded;
  };

const opened: Database[] = [];
afterAll(() => Promise.all(opened.map((database) => database.close())));
const openNew = async (): Promise<Database> => {
  const database = openDatabase({ url: await testDatabase() });
  opened.push(database);
  return database;
};
const rows = async (database: Database, sql: string, params: (string | number)[] = []) => {
  const result = await database.query(sql, params, { timeoutMs: 60_000 });
  if (!result.ok) throw new Error(result.message);
  return result.rows;
};
const insert = (database: Database, ...texts: string[]) =>
  rows(database, `INSERT INTO ai_insights (content) VALUES ${texts.map((text) => `('${text}')`).join()}`);
const search = (database: Database, embedder: Embedder, text: string, budgetMs = 5000) =>
  searchInsights({ database, embedder, breaker: createBreaker() }, text, { limit: 3, budgetMs });
const drainAll = async (database: Database, embedder: Embedder, rounds = 1) => {
  const drain = createDrainEmbeddings({ database, embedder });
  for (let round = 0; round < rounds; round += 1) await drain({ limit: 32 });
};
const due = (database: Database) =>
  rows(database, 'UPDATE embedding_retry_queue SET next_attempt_at = now()');

describe('a search that is slow', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openNew();
    await insert(database, 'no space left on device');
    await drainAll(database, lexical);
    // As slow as a table without an index that can be used.
    await rows(
      database,
      `CREATE OR REPLACE FUNCTION autoheal_nearest(wanted_model text, wanted real[], most integer)
       RETURNS TABLE (id bigint, similarity double precision) LANGUAGE sql AS
       'SELECT a.id, 0.9::float8 FROM ai_insights a, (SELECT pg_sleep(2)) AS slow'`,
    );
  });

  const open = async (embedder: Embedder = lexical) =>
    createCatalogue({
      database,
      embedder,
      snapshotDir: await mkdtemp(join(tmpdir(), 'autoheal-search-')),
      seeds: { playbooks: [], recipients: seedRecipients },
    });

  it('costs a heal 300 ms, says so, and takes nothing else from it', async () => {
    const catalogue = await open();
    for (const _ of [1, 2]) {
      const began = Date.now();
      const [similar, ...others] = await Promise.all([
        catalogue.similarCases('no space left on device', 3),
        ...Array.from({ length: 12 }, () => catalogue.similarCases('no space left on device', 3)),
      ]);
      expect(Date.now() - began).toBeLessThan(700);
      expect(similar).toMatchObject({ cases: [], problem: expect.any(String) as string });
      expect(others).toHaveLength(12);
      await sleep(100);
      expect([(await catalogue.playbooks()).source, (await catalogue.recipients()).source]).toEqual([
        'database',
        'database',
      ]);
    }
    // Nor does the server go on working at it.
    const left = await rows(
      database,
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%autoheal_nearest%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()`,
    );
    expect(left).toEqual([{ n: 0 }]);
  });

  it('is bounded too where the model is slow', async () => {
    const embedder = swayed();
    embedder.answer = () => new Promise(() => undefined);
    const began = Date.now();
    const { cases, problem } = await (await open(embedder)).similarCases('DISK_FULL no space', 3);
    expect(Date.now() - began).toBeLessThan(700);
    expect([cases, problem]).toEqual([[], expect.stringMatching(/gave no answer in \d+ ms/)]);
  });
});

describe('vectors of two lengths', () => {
  it('are never compared: one wrong answer costs its own row only', async () => {
    const database = await openNew();
    const embedder = swayed();
    await insert(database, 'the disk is full', 'a name does not resolve', 'odd');
    embedder.answer = async (texts) => {
      const embedded = await lexical.embed(texts);
      if (!embedded.ok) return embedded;
      return {
        ok: true,
        vectors: embedded.vectors.map((vector, at) => (texts[at] === 'odd' ? vector.slice(0, 100) : vector)),
      };
    };
    await drainAll(database, embedder);
    const [odd] = await rows(database, `SELECT last_error FROM embedding_retry_queue WHERE done_at IS NULL`);
    expect(odd?.['last_error']).toMatch(/gave 100 numbers where it gives 256/);
    const { found, problem } = await search(database, embedder, 'the disk is full');
    expect([found[0]?.content, found[0]?.similarity, problem]).toEqual([
      'the disk is full',
      expect.closeTo(1, 3),
      null,
    ]);
  });

  it('are two models under one name, and the rows are embedded anew', async () => {
    const database = await openNew();
    const embedder = swayed('tagged');
    await insert(database, 'the disk is full', 'a name does not resolve');
    const drain = createDrainEmbeddings({ database, embedder });
    await drain({ limit: 32 });
    embedder.answer = inLength(128);
    // What is new shows it at once; the others follow.
    await insert(database, 'a certificate has expired');
    for (const _ of [1, 2, 3]) {
      await drain({ limit: 32 });
      await due(database);
    }
    expect(
      await rows(database, 'SELECT embedding_model AS m, count(*)::int AS n FROM ai_insights GROUP BY 1'),
    ).toEqual([{ m: 'tagged/128', n: 3 }]);
    expect((await search(database, embedder, 'the disk is full')).found[0]?.content).toBe('the disk is full');
  });

  it('and vectors of zeros are like nothing', async () => {
    const database = await openNew();
    const embedder = swayed();
    await insert(database, 'the disk is full');
    await drainAll(database, embedder);
    await insert(database, 'nothing at all');
    embedder.answer = async (texts) => ({
      ok: true,
      vectors: texts.map((text) =>
        Array.from({ length: 256 }, (_, at) => (text === 'autoheal' && at === 0 ? 1 : 0)),
      ),
    });
    await drainAll(database, embedder);
    const [zero] = await rows(database, `SELECT last_error FROM embedding_retry_queue WHERE done_at IS NULL`);
    expect(zero?.['last_error']).toContain('vector of zeros');
    const asked = await search(database, embedder, 'disk');
    expect(asked.problem).toContain('vector of zeros');
    // One that is there already, from before.
    await rows(
      database,
      `UPDATE ai_insights SET embedding = array_fill(0::real, ARRAY[256]), embedding_model = $1 WHERE content = 'nothing at all'`,
      [`${lexical.model}/256`],
    );
    const { found } = await search(database, lexical, 'the disk is full');
    expect(found.map(({ content }) => content)).toEqual(['the disk is full']);
  });
});

describe('what can not be embedded', () => {
  it.each([
    ['500', (): Embedded => ({ ok: false, kind: 'away', message: 'answers 500' })],
    ['400', (): Embedded => ({ ok: false, kind: 'refused', message: 'answers 400' })],
  ])('holds up no other row (%s), and is set aside with its reason after five times', async (_, refuse) => {
    const database = await openNew();
    const embedder = swayed();
    await insert(database, ...Array.from({ length: 9 }, (__, at) => `good ${at}`), 'poison');
    embedder.answer = (texts) =>
      texts.includes('poison') ? Promise.resolve(refuse()) : lexical.embed(texts);
    const drain = createDrainEmbeddings({ database, embedder });
    expect(await drain({ limit: 32 })).toMatchObject({ embedded: 9, failed: 1, waiting: 1, setAside: 0 });
    for (const __ of [2, 3, 4, 5, 6]) {
      await due(database);
      await drain({ limit: 32 });
    }
    expect(await drain({ limit: 32 })).toMatchObject({ due: 0, waiting: 0, setAside: 1 });
    expect(
      await rows(
        database,
        'SELECT attempts, last_error FROM embedding_retry_queue WHERE set_aside_at IS NOT NULL',
      ),
    ).toEqual([{ attempts: 5, last_error: expect.stringContaining('answers') as string }]);
    // Another model may take it.
    await drainAll(database, swayed('another'), 2);
    expect(
      await rows(database, 'SELECT count(*)::int AS n FROM embedding_retry_queue WHERE done_at IS NULL'),
    ).toEqual([{ n: 0 }]);
  });

  it('is embedded by its head where it is too long for the model', async () => {
    const database = await openNew();
    const embedder = swayed();
    await insert(database, `the disk is full ${'and so on '.repeat(500)}`, 'short');
    embedder.answer = async (texts) =>
      texts.some(({ length }) => length > 2000)
        ? { ok: false, kind: 'away', message: 'answers 500: input is too large' }
        : lexical.embed(texts);
    expect(await createDrainEmbeddings({ database, embedder })({ limit: 32 })).toMatchObject({
      embedded: 2,
      failed: 0,
    });
  });

  it('is not held against a row while the service is away', async () => {
    const database = await openNew();
    const embedder = swayed();
    await insert(database, 'one', 'two');
    embedder.answer = () => Promise.resolve({ ok: false, kind: 'away', message: 'cannot be reached' });
    await drainAll(database, embedder, 8);
    expect(await rows(database, 'SELECT DISTINCT attempts, set_aside_at FROM embedding_retry_queue')).toEqual(
      [{ attempts: 0, set_aside_at: null }],
    );
  });
});

it('lets the model that came last embed, and no two workers do each other’s rows for ever', async () => {
  const database = await openNew();
  await insert(database, 'a', 'b', 'c', 'd');
  const [older, newer] = [swayed('older'), swayed('newer')];
  const drains = [older, newer].map((embedder) => createDrainEmbeddings({ database, embedder }));
  for (let round = 0; round < 10; round += 1) for (const drain of drains) await drain({ limit: 32 });
  expect(await rows(database, 'SELECT DISTINCT embedding_model AS m FROM ai_insights')).toEqual([
    { m: 'newer/256' },
  ]);
  // Each once for its dimension, and once for the rows.
  expect([older.calls, newer.calls]).toEqual([2, 2]);
  // The newer one is withdrawn: the older takes over when it has not been seen for a while.
  await rows(
    database,
    `UPDATE embedding_models SET seen_at = now() - interval '11 minutes' WHERE model = 'newer/256'`,
  );
  await drains[0]?.({ limit: 32 });
  expect(await rows(database, 'SELECT DISTINCT embedding_model AS m FROM ai_insights')).toEqual([
    { m: 'older/256' },
  ]);
});

it('finds what is older than the newest 20,000, within the time that a heal has', async () => {
  const database = await openNew();
  await insert(database, 'the certificate of the payment gateway has expired');
  await drainAll(database, lexical);
  await rows(database, `UPDATE ai_insights SET created_at = now() - interval '1 year'`);
  // Rows that are unlike it.
  await rows(
    database,
    `CREATE TABLE noise AS SELECT array_agg((random() - 0.5)::real) AS vector
    FROM generate_series(1, 256 * 60) AS n GROUP BY n % 60`,
  );
  for (let batch = 0; batch < 6; batch += 1)
    await rows(
      database,
      `INSERT INTO ai_insights (content, embedding, embedding_model)
       SELECT 'noise ' || n, vector, $1 FROM noise, generate_series(1, 60) AS n`,
      [`${lexical.model}/256`],
    );
  await rows(database, 'VACUUM ANALYZE ai_insights');
  const { found, problem } = await search(database, lexical, 'certificate of payment gateway expired');
  expect([found[0]?.content, problem]).toEqual(['the certificate of the payment gateway has expired', null]);
  const catalogue = createCatalogue({
    database,
    embedder: lexical,
    snapshotDir: await mkdtemp(join(tmpdir(), 'autoheal-search-')),
    seeds: { playbooks: [], recipients: seedRecipients },
  });
  const { cases, problem: late } = await catalogue.similarCases('certificate of payment gateway expired', 3);
  expect([cases[0], late]).toEqual([expect.stringContaining('the certificate of the payment gateway'), null]);
});

it('says that it could not search by meaning, and goes by words', async () => {
  const database = await openNew();
  const embedder = swayed();
  await insert(database, 'the disk of momo-db is full', 'a name does not resolve');
  await drainAll(database, embedder);
  embedder.answer = () => Promise.resolve({ ok: false, kind: 'away', message: 'The service answers 401.' });
  expect(await search(database, embedder, 'disk full?')).toMatchObject({
    searched: true,
    problem: 'The service answers 401.',
    found: [{ content: 'the disk of momo-db is full', similarity: null }],
  });
  const nowhere = openDatabase({ url: 'postgres://u@127.0.0.1:1/x' });
  expect(await search(nowhere, embedder, 'disk full?')).toMatchObject({ searched: false, found: [] });
});
