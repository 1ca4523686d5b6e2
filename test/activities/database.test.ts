import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  openDatabase,
  type Database,
  type QueryResult,
} from '../../activities/gateways/postgres/database.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { cacheDir } from '../support/cache-dir.ts';

let server: TestPostgres;
let database: Database;

beforeAll(async () => {
  server = await startPostgres({ cacheDir });
  database = openDatabase({ url: await server.createDatabase(), maxConnections: 4 });
});
afterAll(async () => {
  await database.close();
  await server.close();
});

const outcome = (result: QueryResult) => (result.ok ? 'ok' : `${result.kind} ${result.code}`);
const ask = async (sql: string, timeoutMs = 5000) => outcome(await database.query(sql, [], { timeoutMs }));

describe('a database failure', () => {
  it('is a refusal where the statement or its data are at fault', async () => {
    expect(await ask('SELECT 1/0')).toBe('refused 22012');
    expect(await ask('INSERT INTO heal_logs (incident_id, duration_ms) VALUES (gen_random_uuid(), 1)')).toBe(
      'refused 23503',
    );
    expect(await ask('INSERT INTO heal_logs (duration_ms) VALUES (NULL)')).toBe('refused 23502');
    expect(await ask('SELEC 1')).toBe('refused 42601');
  });

  it('is an absence where time, a person or another server may cure it', async () => {
    expect(await ask('SELECT * FROM not_there')).toBe('away 42P01');
    expect(await ask('SELECT nothing_such FROM playbooks')).toBe('away 42703');
    expect(await ask("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")).toBe('away 40001');
    expect(await ask("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$")).toBe('away 53100');
    const readOnly = await database.transaction(async (query) => {
      await query('SET TRANSACTION READ ONLY');
      return query('DELETE FROM playbooks');
    });
    expect(readOnly).toMatchObject({ ok: false, kind: 'away', code: '25006' });
    expect(await ask('SELECT pg_sleep(5)', 100)).toBe('away UNKNOWN');
    expect(await ask('SELECT 1')).toBe('ok');
  });

  it('rolls a transaction back, also when its caller throws', async () => {
    const mistake = database.transaction(async (query) => {
      await query("INSERT INTO playbooks (name) VALUES ('half')");
      throw new RangeError('a mistake of the caller');
    });
    await expect(mistake).rejects.toThrow(RangeError);
    expect(await database.query("SELECT FROM playbooks WHERE name = 'half'")).toMatchObject({ rowCount: 0 });
  });

  it('never repeats the password', async () => {
    const url = new URL(server.url);
    url.password = 'pa%20ss-word';
    const other = openDatabase({ url: url.href });
    const result = await other.query('SELECT "pa ss-word", "pa%20ss-word"');
    expect(result).toMatchObject({ ok: false, code: '42703' });
    expect(JSON.stringify(result)).not.toMatch(/ss-word/);
    await other.close();
  });

  it('comes in time where nobody answers', async () => {
    const sockets: Socket[] = [];
    const silent: Server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const nobody = openDatabase({ url: `postgres://u@127.0.0.1:${port}/x`, connectTimeoutMs: 300 });
    const began = Date.now();
    expect(await nobody.query('SELECT 1')).toMatchObject({ ok: false, kind: 'away' });
    expect(Date.now() - began).toBeLessThan(5000);
    await nobody.close();
    sockets.forEach((socket) => socket.destroy());
    silent.close();
  });
});

describe('a server that is killed', () => {
  it('costs an absence, not the process, and is used again when it is back', async () => {
    await Promise.all([1, 2, 3, 4].map(() => ask('SELECT pg_sleep(0.05)')));
    const cut = ask('SELECT pg_sleep(20)', 20_000);
    await ask('SELECT 1');
    await server.kill();
    expect(await cut).toMatch(/^away/);
    expect(await ask('SELECT 1')).toMatch(/^away/);
    await server.start();
    expect(await ask('SELECT 1')).toBe('ok');
  });
});
