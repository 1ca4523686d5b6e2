import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { shippedCount } from '../support/shipped.ts';
import { migrate } from '../../activities/gateways/postgres/migrate.ts';
import { migrationsDir } from '../support/database-clones.ts';
import { testDatabase } from '../support/shared-postgres.ts';

/** Migrates a database that has these tables already. */
async function adopt(ddl: string, look: string): Promise<Record<string, unknown>[]> {
  const url = await testDatabase({ empty: true });
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(ddl);
    await migrate({ url, dir: migrationsDir, log: () => undefined });
    return (await client.query<Record<string, unknown>>(look)).rows;
  } finally {
    await client.end();
  }
}

describe('tables that are there already', () => {
  it('may have uuids where AutoHeal has numbers, vectors of a fixed size, and references to themselves', async () => {
    const found = await adopt(
      `CREATE EXTENSION vector;
       CREATE TABLE ai_insights (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), insight_type text NOT NULL,
         content text, embedding vector(768), incident_id bigint);
       CREATE INDEX ON ai_insights USING hnsw (embedding vector_cosine_ops);
       INSERT INTO ai_insights (insight_type, content, incident_id) VALUES ('a', 'b', 1);
       CREATE TABLE embedding_retry_queue (id uuid PRIMARY KEY, insight_id uuid NOT NULL REFERENCES ai_insights, status text NOT NULL);
       CREATE TABLE playbooks (id uuid PRIMARY KEY, name text, incident_type text NOT NULL);
       CREATE TABLE incidents (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id bigint REFERENCES incidents);
       INSERT INTO incidents (parent_id) VALUES (NULL), (1);
       CREATE TABLE heal_logs (id bigint PRIMARY KEY, incident_id bigint);
       INSERT INTO heal_logs VALUES (5, 1)`,
      `SELECT (SELECT count(*)::int FROM playbooks) AS playbooks,
         (SELECT count(*)::int FROM embedding_retry_queue) AS queued,
         (SELECT format_type(atttypid, atttypmod) FROM pg_attribute
           WHERE attrelid = 'ai_insights'::regclass AND attname = 'embedding') AS embedding,
         (SELECT count(*)::int FROM heal_logs h JOIN incidents i ON i.id = h.incident_id) AS logs,
         (SELECT count(*)::int FROM ai_insights a JOIN incidents i ON i.id = a.incident_id) AS insights,
         (SELECT count(*)::int FROM incidents a JOIN incidents b ON b.id = a.parent_id) AS children`,
    );
    expect(found).toEqual([
      { playbooks: shippedCount, queued: 1, embedding: 'vector', logs: 1, insights: 1, children: 1 },
    ]);
  });

  it('keep uuids that were written as text', async () => {
    const id = '6f1c2a8e-3b8d-4c1e-9a3e-0d8f6f1c2a8e';
    const ddl = `CREATE TABLE incidents (id text PRIMARY KEY); INSERT INTO incidents VALUES ('${id}')`;
    expect(await adopt(ddl, 'SELECT id, original_id FROM incidents')).toEqual([{ id, original_id: id }]);
  });

  it('are left alone, with a reason, where something else depends on their ids', async () => {
    const ddl =
      'CREATE TABLE incidents (id serial PRIMARY KEY); CREATE VIEW seen AS SELECT id FROM incidents';
    await expect(adopt(ddl, 'SELECT 1')).rejects.toThrow(
      /013_autoheal\.sql could not be applied: .* view seen depends on column "id" Nothing of it was applied/,
    );
  });
});
