import pg from 'pg';
import { translateFailure, type DatabaseFailure } from './failure.ts';
import { storableText } from './storable-text.ts';

export type { DatabaseFailure } from './failure.ts';
export { storableJson } from './storable-text.ts';

export type Parameter = string | number | boolean | null | readonly (string | number)[];
export type Row = Record<string, unknown>;
export type QueryResult<R extends Row = Row> = { ok: true; rows: R[]; rowCount: number } | DatabaseFailure;

/** A statement inside a transaction: gives its rows, or ends the transaction by throwing. */
type TransactionQuery = <R extends Row = Row>(sql: string, params?: readonly Parameter[]) => Promise<R[]>;

interface QueryOptions {
  /** For the answer, once connected; default 10 s. */
  timeoutMs?: number;
}

/** PostgreSQL, seen from rules that must go on without it: every call answers, in bounded time, and never throws. */
export interface Database {
  /** Host, port and database name, for messages. */
  readonly place: string;
  query<R extends Row = Row>(
    sql: string,
    params?: readonly Parameter[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>>;
  /** Commits when `work` returns. Whatever else `work` throws is passed on, after the rollback. */
  transaction<T>(
    work: (query: TransactionQuery) => Promise<T>,
    options?: QueryOptions,
  ): Promise<{ ok: true; value: T } | DatabaseFailure>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name` */
  url: string;
  maxConnections?: number;
  /** For a free connection, new ones included; default 1 s, so that a heal is never held up. */
  connectTimeoutMs?: number;
}

const defaultTimeoutMs = 10_000;
/** The server gives up too: a client that went away must not leave statements waiting for locks. */
const onTheServer =
  'SET statement_timeout = 30000; SET lock_timeout = 10000; SET idle_in_transaction_session_timeout = 30000';
const limited = new WeakSet<pg.PoolClient>();

class StatementFailed extends Error {
  readonly reason: unknown;
  constructor(reason: unknown) {
    super('statement failed');
    this.reason = reason;
  }
}

/**
 * Opens a pool; connects when first used, so it never fails for a database that is away.
 *
 * @throws Error when the address is not one of a PostgreSQL database
 */
export function openDatabase({
  url,
  maxConnections = 10,
  connectTimeoutMs = 1000,
}: DatabaseOptions): Database {
  const { place, password } = readAddress(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'autoheal',
  });
  // An idle connection that breaks is no one's call and must not end the process; the next call notices.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  const failure = (error: unknown): DatabaseFailure => translateFailure(error, place, password);

  return {
    place,
    async query<R extends Row>(sql: string, params: readonly Parameter[] = [], options: QueryOptions = {}) {
      return withClient<QueryResult<R>>(pool, failure, async (client) => {
        const result = await client.query<R>(statement(sql, params, options.timeoutMs ?? defaultTimeoutMs));
        return { ok: true, rows: result.rows, rowCount: result.rowCount ?? 0 };
      });
    },
    async transaction<T>(work: (query: TransactionQuery) => Promise<T>, options: QueryOptions = {}) {
      const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
      return withClient<{ ok: true; value: T } | DatabaseFailure>(pool, failure, async (client) => {
        await client.query(statement('BEGIN', [], timeoutMs));
        const value = await work(async <R extends Row>(sql: string, params: readonly Parameter[] = []) => {
          const result = await client.query<R>(statement(sql, params, timeoutMs)).catch((error: unknown) => {
            throw new StatementFailed(error);
          });
          return result.rows;
        });
        await client.query(statement('COMMIT', [], timeoutMs)).catch((error: unknown) => {
          throw new StatementFailed(error);
        });
        return { ok: true, value };
      });
    },
    close: () => pool.end(),
  };
}

/** Runs on one connection. After any failure that connection is thrown away: whatever it was in the middle of ends. */
async function withClient<T>(
  pool: pg.Pool,
  failure: (error: unknown) => DatabaseFailure,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T | DatabaseFailure> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    return failure(error);
  }
  try {
    if (!limited.has(client)) {
      await client.query(statement(onTheServer, undefined, defaultTimeoutMs));
      limited.add(client);
    }
    const answer = await work(client);
    client.release();
    return answer;
  } catch (error) {
    client.release(true);
    if (error instanceof StatementFailed) return failure(error.reason);
    if (isOurs(error)) return failure(error);
    throw error;
  }
}

/** Errors of `pg` and of the socket carry a code or one of pg's own sentences; a caller's own mistake does not. */
function isOurs(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const sentences = /^(Query read timeout|Connection terminated|Client has encountered|Client was closed)/;
  return error instanceof pg.DatabaseError || 'code' in error || sentences.test(error.message);
}

function statement(sql: string, params: readonly Parameter[] | undefined, timeoutMs: number) {
  const values = params?.map((value) => (typeof value === 'string' ? storableText(value) : value));
  return { text: sql, query_timeout: timeoutMs, ...(values === undefined ? {} : { values }) };
}

function readAddress(url: string): { place: string; password: string } {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Error(
      'DATABASE_URL is not the address of a PostgreSQL database. Write postgres://USER:PASSWORD@HOST:PORT/NAME.',
    );
  }
  const { hostname, port, pathname, password } = new URL(url);
  const place = `${hostname || 'localhost'}:${port || '5432'}${pathname.length > 1 ? pathname : ''}`;
  return { place, password: decode(password) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
