import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { blot, translateFailure } from './failure.ts';

export interface MigrateOptions {
  url: string;
  /** The folder of `NNN_name.sql` files; they are applied in the order of their names. */
  dir: string;
  log: (line: string) => void;
  /** How long to wait for a database that is starting; default 30 s. */
  waitMs?: number;
}

interface MigrationFile {
  name: string;
  sql: string;
  checksum: string;
}

/** Any number that other programs are unlikely to lock by. Held per transaction: PGlite's sessions are one. */
const migrationLock = 8_313_013;
const retryEveryMs = 500;

/** Thrown when waiting longer would not help: the message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Brings a database up to date, forward only: each file in a transaction of its own, once. Any number may run at
 * once; a connection that breaks is made again, because each file is either in the books or not applied at all.
 *
 * @returns the names of the files applied now, and how many had been applied before
 * @throws MigrationError when a file was edited after it had been applied, or fails, or the database stays away
 */
export async function migrate(options: MigrateOptions): Promise<{ applied: string[]; already: number }> {
  const { url, dir, log, waitMs = 30_000 } = options;
  const files = await readMigrations(dir);
  const { hostname, port, pathname, password } = new URL(url);
  const place = `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
  const giveUpAt = Date.now() + waitMs;
  const applied: string[] = [];

  for (let told = false; ; told = true) {
    try {
      await applyAll(url, files, log, applied);
      return { applied, already: files.length - applied.length };
    } catch (error) {
      if (error instanceof MigrationError) throw error;
      const failure = translateFailure(error, place, decodeURIComponent(password));
      if (
        failure.kind === 'refused' ||
        !isWorthWaiting(failure.code) ||
        Date.now() + retryEveryMs > giveUpAt
      ) {
        throw new MigrationError(failure.message, { cause: blot(String(error), password) });
      }
      if (!told) log(`Waiting for the database at ${place} (${failure.code})`);
      await sleep(retryEveryMs);
    }
  }
}

async function applyAll(url: string, files: MigrationFile[], log: (line: string) => void, applied: string[]) {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5000,
    application_name: 'autoheal-migrate',
  });
  client.on('error', () => undefined);
  client.on('notice', (notice) => {
    // What the migrations themselves say; PostgreSQL's own notices are of things that it skips.
    const { message = '' } = notice;
    if (notice.code === '00000' && !message.endsWith('skipping')) log(message);
  });
  await client.connect();
  try {
    for (const file of files) {
      if (await applyOne(client, file)) {
        applied.push(file.name);
        log(`Applied ${file.name}`);
      }
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function applyOne(client: pg.Client, file: MigrationFile): Promise<boolean> {
  await client.query('BEGIN');
  try {
    const isNew = await applyInTransaction(client, file);
    await client.query('COMMIT');
    return isNew;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function applyInTransaction(client: pg.Client, file: MigrationFile): Promise<boolean> {
  await client.query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
  await client.query(`CREATE TABLE IF NOT EXISTS autoheal_migrations (
    name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  const { rows } = await client.query<{ checksum: string; on: string }>(
    `SELECT checksum, to_char(applied_at, 'YYYY-MM-DD') AS "on" FROM autoheal_migrations WHERE name = $1`,
    [file.name],
  );
  const [booked] = rows;
  if (booked !== undefined) {
    if (booked.checksum === file.checksum) return false;
    throw new MigrationError(
      `${file.name} was edited after it had been applied to this database on ${booked.on}. ` +
        `Put the file back as it was, and the change into a new file with a higher number.`,
    );
  }
  try {
    await client.query(file.sql);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || isWorthWaiting(error.code ?? '')) throw error;
    const more = [error.detail, error.hint].filter((part) => part !== undefined).join(' ');
    throw new MigrationError(
      `${file.name} could not be applied: ${error.message} (${error.code}). ${more} ` +
        `Nothing of it was applied. Cure the cause, then run \`autoheal migrate\` again.`,
    );
  }
  await client.query('INSERT INTO autoheal_migrations (name, checksum) VALUES ($1, $2)', [
    file.name,
    file.checksum,
  ]);
  return true;
}

/** Not reachable, starting up, shutting down, too many connections, a deadlock: the next try may well succeed. */
function isWorthWaiting(code: string): boolean {
  return !/^(28|3D|42|25006)/.test(code) && !/^(0A|2[0-36-9]|44|54|P0|XX)/.test(code);
}

async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const names = (await readdir(dir)).filter((name) => /^\d{3}_[a-z0-9_]+\.sql$/.test(name)).sort();
  if (names.length === 0) throw new MigrationError(`There are no migrations (NNN_name.sql) in ${dir}.`);
  return Promise.all(
    names.map(async (name) => {
      // A checkout with other line ends is the same migration.
      const sql = (await readFile(join(dir, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
