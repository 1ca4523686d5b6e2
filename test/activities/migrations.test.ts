import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shippedCount } from '../support/shipped.ts';
import { playbookFromRow, selectPlaybooks } from '../../activities/catalogue/rows.ts';
import { migrate } from '../../activities/gateways/postgres/migrate.ts';
import { playbookFileSchema, playbookSchema } from '../../domain/playbook/playbook.ts';
import { startPglite } from '../../workers/embedded/pglite.ts';
import { migrationsDir } from '../support/database-clones.ts';
import { testDatabase } from '../support/shared-postgres.ts';

const names = readdirSync(migrationsDir).sort();
const quiet = { dir: migrationsDir, log: () => undefined };

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const rowsOf = async (url: string, sql: string): Promise<Record<string, unknown>[]> =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

async function twentyAtOnce(url: string): Promise<string[]> {
  const all = await Promise.all(Array.from({ length: 20 }, () => migrate({ url, ...quiet })));
  return all.flatMap(({ applied }) => applied).sort();
}

describe('migrate', () => {
  it('applies each file once, also when twenty start together', async () => {
    const url = await testDatabase({ empty: true });
    expect(await twentyAtOnce(url)).toEqual(names);
    expect(await migrate({ url, ...quiet })).toEqual({ applied: [], already: names.length });
  });

  it('does so on the embedded database too', async () => {
    const embedded = await startPglite({ dir: await mkdtemp(join(tmpdir(), 'autoheal-pglite-')) });
    try {
      expect(await twentyAtOnce(embedded.url)).toEqual(names);
      const [kind] = await rowsOf(
        embedded.url,
        'SELECT pg_typeof(embedding)::text AS t FROM ai_insights RIGHT JOIN (SELECT) x ON true',
      );
      expect(kind).toEqual({ t: 'vector' });
    } finally {
      await embedded.close();
    }
  });

  it('notices a file that was edited after it had been applied, and says what to do', async () => {
    const url = await testDatabase();
    const dir = await mkdtemp(join(tmpdir(), 'autoheal-migrations-'));
    await cp(migrationsDir, dir, { recursive: true });
    const file = join(dir, '013_autoheal.sql');
    await writeFile(file, `${await readFile(file, 'utf8')}\n-- one more line\n`);
    await expect(migrate({ url, dir, log: () => undefined })).rejects.toThrow(
      /013_autoheal\.sql was edited .* Put the file back .* a new file with a higher number/,
    );
  });

  it('takes nothing of a file that fails', async () => {
    const url = await testDatabase();
    const dir = await mkdtemp(join(tmpdir(), 'autoheal-migrations-'));
    await cp(migrationsDir, dir, { recursive: true });
    await writeFile(join(dir, '015_broken.sql'), 'CREATE TABLE half (a int); SELECT nonsense;');
    await expect(migrate({ url, dir, log: () => undefined })).rejects.toThrow(
      /015_broken\.sql could not be applied/,
    );
    expect(await rowsOf(url, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  });

  it('plants the playbooks that playbooks/seeds.yaml says, and the administrators’ chat', async () => {
    const url = await testDatabase();
    const yaml = await readFile(join(import.meta.dirname, '../../playbooks/seeds.yaml'), 'utf8');
    const wanted = (playbookFileSchema.parse(parse(yaml)).playbooks ?? []).map(
      ({ samples: _, ...seed }) => seed,
    );
    const planted = (await rowsOf(url, selectPlaybooks)).map((row) =>
      playbookSchema.parse(playbookFromRow(row)),
    );
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(planted.map(({ id: _id, version: _version, ...rest }) => rest).sort(byName)).toEqual(
      wanted.sort(byName),
    );
    expect(await rowsOf(url, 'SELECT telegram_id, is_admin, is_active FROM telegram_users')).toEqual([
      { telegram_id: '-1003940688311', is_admin: true, is_active: true },
    ]);
  });

  it('keeps an edited playbook, and counts the edit', async () => {
    const url = await testDatabase();
    await rowsOf(url, "UPDATE playbooks SET cooldown_min = 99 WHERE name = 'dns-fail'");
    await rowsOf(url, "DELETE FROM autoheal_migrations WHERE name > '013'");
    // Whoever loses the books runs the files again: they must change nothing then either.
    await withClient(url, async (client) => {
      for (const name of names) await client.query(await readFile(join(migrationsDir, name), 'utf8'));
    });
    expect(
      await rowsOf(url, "SELECT cooldown_min::int AS c, version FROM playbooks WHERE name = 'dns-fail'"),
    ).toEqual([{ c: 99, version: 2 }]);
    expect(await rowsOf(url, 'SELECT count(*)::int AS n FROM playbooks')).toEqual([{ n: shippedCount }]);
  });

  it('gives up on a database that stays away, in words without its password', async () => {
    const attempt = migrate({ url: 'postgres://u:s3cret-word@127.0.0.1:1/x', ...quiet, waitMs: 700 });
    await expect(attempt).rejects.toThrow(/database at 127\.0\.0\.1:1\/x cannot be reached \(ECONNREFUSED\)/);
    await expect(attempt).rejects.not.toThrow(/s3cret/);
  });
});

describe('a database that the original filled', () => {
  it('keeps its rows, and takes ours', async () => {
    const url = await testDatabase({ empty: true });
    const original = await readFile(join(import.meta.dirname, '../fixtures/original-tables.sql'), 'utf8');
    await withClient(url, (client) => client.query(original));
    expect((await migrate({ url, ...quiet })).applied).toEqual(names);

    expect(
      await rowsOf(
        url,
        `SELECT i.original_id, i.message, i.status, i.tenant, l.duration_ms::int AS ms, l.result,
           to_char(i.first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
         FROM incidents i JOIN heal_logs l ON l.incident_id = i.id ORDER BY i.original_id`,
      ),
    ).toEqual([
      {
        original_id: '1',
        message: 'could not translate host name',
        status: 'resolved',
        tenant: 'momo',
        ms: 3110,
        result: 'ok',
        day: '2026-04-01',
      },
      {
        original_id: '2',
        message: 'second',
        status: 'open',
        tenant: 'momo',
        ms: 0,
        result: 'failed',
        day: '2026-04-02',
      },
    ]);
    const playbooks = await rowsOf(
      url,
      'SELECT name, action_type, owner FROM playbooks WHERE owner IS NOT NULL ORDER BY name',
    );
    expect(playbooks).toEqual([
      { name: 'container-unhealthy', action_type: 'ALERT_ONLY', owner: 'wooo' },
      { name: 'dns-restart', action_type: 'DOCKER_RESTART', owner: 'wooo' },
    ]);
    expect(await rowsOf(url, 'SELECT count(*)::int AS n FROM playbooks')).toEqual([{ n: shippedCount + 1 }]);
    expect(
      await rowsOf(url, 'SELECT telegram_id, is_admin FROM telegram_users ORDER BY telegram_id'),
    ).toEqual([
      { telegram_id: '-1003940688311', is_admin: true },
      { telegram_id: '42', is_admin: false },
    ]);
    // The raw row that was there is queued, and so is what the original's program inserts from now on.
    await rowsOf(
      url,
      "INSERT INTO ai_insights (insight_type, title, content) VALUES ('sales', 'New one', 'x')",
    );
    await rowsOf(
      url,
      "INSERT INTO incidents (error_type, message, tenant) VALUES ('UNKNOWN', 'third', 'momo')",
    );
    expect(await rowsOf(url, 'SELECT count(*)::int AS n FROM embedding_retry_queue')).toEqual([{ n: 2 }]);
  });

  it('works without pgvector, where the extension may not be made', async () => {
    const url = await testDatabase({ empty: true });
    const role = `plain_${Date.now()}`;
    const name = new URL(url).pathname.slice(1);
    await withClient(url, async (client) => {
      await client.query(`CREATE ROLE ${role} LOGIN`);
      await client.query(
        `GRANT CREATE, USAGE ON SCHEMA public TO ${role}; GRANT CREATE ON DATABASE ${name} TO ${role}`,
      );
    });
    const plain = new URL(url);
    plain.username = role;
    const said: string[] = [];
    await migrate({ url: plain.href, dir: migrationsDir, log: (line) => said.push(line) });
    expect(said.join('\n')).toMatch(/pgvector is not available here/);
    const sql = `SELECT round(autoheal_similarity('{1,0}'::real[], '{1,1}'::real[])::numeric, 4)::float8 AS cosine`;
    expect(await rowsOf(plain.href, sql)).toEqual([{ cosine: 0.7071 }]);
  });
});

describe('the queue’s trigger', () => {
  it('queues every raw row, whoever inserts it and however', async () => {
    const url = await testDatabase();
    const role = `inserter_${Date.now()}`;
    await withClient(url, async (client) => {
      await client.query(`CREATE ROLE ${role}`);
      await client.query(`GRANT INSERT, SELECT ON ai_insights TO ${role}`);
      await client.query(`SET ROLE ${role}`);
      await client.query("INSERT INTO ai_insights (content) VALUES ('a'), ('b')");
      await client.query('RESET ROLE');
      await client.query('SET session_replication_role = replica');
      await client.query("INSERT INTO ai_insights (content) VALUES ('c')");
    });
    const queued =
      'SELECT content FROM ai_insights a JOIN embedding_retry_queue q ON q.insight_id = a.id ORDER BY 1';
    expect(await rowsOf(url, queued)).toEqual([{ content: 'a' }, { content: 'b' }, { content: 'c' }]);
  });
});
