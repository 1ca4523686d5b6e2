import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../activities/gateways/postgres/database.ts';
import { startPglite, type EmbeddedDatabase } from '../../workers/embedded/pglite.ts';

const newDir = () => mkdtemp(join(tmpdir(), 'autoheal-pglite-'));

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Breaks the connection as a killed process does: without a goodbye. */
const cut = (client: pg.Client) =>
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();

describe('the embedded database', () => {
  let embedded: EmbeddedDatabase;
  let dir: string;
  beforeAll(async () => {
    dir = await newDir();
    embedded = await startPglite({ dir });
  });
  afterAll(() => embedded.close());

  it('answers each of many clients with its own rows, while others die in the middle', async () => {
    const database = openDatabase({ url: embedded.url, maxConnections: 8, connectTimeoutMs: 20_000 });
    for (let round = 0; round < 8; round++) {
      const dying = await Promise.all([1, 2, 3].map(() => connect(embedded.url)));
      for (const client of dying) {
        client.query('BEGIN').catch(() => undefined);
        client.query('SELECT $1::int AS mine', [-1]).catch(() => undefined);
        setTimeout(() => cut(client), round);
      }
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          database.query(`SELECT ${index} AS a, $1::int AS b`, [index]),
        ),
      );
      expect(answers).toEqual(
        answers.map((_, index) => ({ ok: true, rows: [{ a: index, b: index }], rowCount: 1 })),
      );
    }
    await database.close();
  });

  it('rolls back what a client that died had begun', async () => {
    const [dying, other] = await Promise.all([connect(embedded.url), connect(embedded.url)]);
    await other.query('CREATE TABLE kept (a int)');
    await dying.query('BEGIN');
    await dying.query('INSERT INTO kept VALUES (1)');
    cut(dying);
    expect((await other.query('SELECT * FROM kept')).rows).toEqual([]);
    await other.end();
  });

  it('keeps transactions apart', async () => {
    const database = openDatabase({ url: embedded.url, maxConnections: 8, connectTimeoutMs: 20_000 });
    await database.query('CREATE TABLE counted (a int)');
    await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        database.transaction(async (query) => {
          await query('INSERT INTO counted VALUES ($1)', [index]);
          await new Promise((resolve) => setTimeout(resolve, 2));
          if (index % 2 === 0) throw new Error('changed my mind');
        }),
      ),
    );
    const found = await database.query('SELECT a FROM counted ORDER BY a');
    expect(found.ok && found.rows.map(({ a }) => a)).toEqual([1, 3, 5, 7, 9]);
    await database.close();
  });

  it('refuses a folder that another process uses', async () => {
    const served = await serve(await newDir());
    await expect(startPglite({ dir: served.dir })).rejects.toThrow(/in use by process \d+/);
    served.child.kill('SIGKILL');
    await once(served.child, 'exit');
  });
});

describe('an embedded database that is killed', () => {
  it('has every row that it said was committed', async () => {
    const dir = await newDir();
    const first = await serve(dir);
    const client = await connect(first.url);
    await client.query('CREATE TABLE told (a int)');
    let told = 0;
    const writing = (async () => {
      for (;;) {
        await client.query('INSERT INTO told VALUES ($1)', [told]);
        told += 1;
        if (told === 40) first.child.kill('SIGKILL');
      }
    })();
    await expect(writing).rejects.toThrow();
    await once(first.child, 'exit').catch(() => undefined);

    const again = await startPglite({ dir });
    const reader = await connect(again.url);
    const { rows } = await reader.query<{ n: number }>('SELECT count(*)::int AS n FROM told');
    expect(rows[0]?.n).toBeGreaterThanOrEqual(told);
    await reader.end();
    await again.close();
  });
});

/** As a process of its own, as the product runs it. */
async function serve(dir: string): Promise<{ child: ChildProcess; url: string; dir: string }> {
  const program = join(import.meta.dirname, '../../workers/embedded/pglite-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url } = JSON.parse(line.toString()) as { url: string };
  return { child, url, dir };
}
