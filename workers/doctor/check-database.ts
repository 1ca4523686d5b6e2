import { readdir } from 'node:fs/promises';
import { openDatabase, type Database } from '../../activities/gateways/postgres/database.ts';
import type { Config } from '../../settings/settings.ts';
import { databaseUrlOf } from '../database-url.ts';
import { migrationsDir } from '../migrate.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** The database of the records: reachable, migrated, and with somebody to tell. Heals go on without it. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  let database: Database;
  try {
    database = openDatabase({ url: databaseUrlOf(config), maxConnections: 2, connectTimeoutMs: 3000 });
  } catch (error) {
    return [
      fail(
        'database',
        error instanceof Error ? error.message : String(error),
        'Set DATABASE_URL, or run `autoheal up`.',
      ),
    ];
  }
  try {
    return await lookAt(database);
  } finally {
    await database.close();
  }
}

async function lookAt(database: Database): Promise<Finding[]> {
  const hello = await database.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
    [],
    { timeoutMs: 3000 },
  );
  if (!hello.ok) {
    return [warn('database', hello.message, 'Heals go on, and their records are owed until it is back.')];
  }
  const found = [ok('database', `answers at ${database.place}, PostgreSQL ${hello.rows[0]?.version ?? ''}`)];
  found.push(await migrated(database));
  const told = await database.query<{ admins: number; all: number }>(
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE is_admin)::int AS admins FROM telegram_users WHERE coalesce(is_active, true)`,
  );
  if (told.ok) {
    const { all = 0, admins = 0 } = told.rows[0] ?? {};
    const advice = 'Add an active administrator to telegram_users: without one nobody can approve.';
    found.push(
      admins > 0
        ? ok('recipients', `${all} active, ${admins} of them admins`)
        : fail('recipients', `${all} active, no admin`, advice),
    );
  }
  return found;
}

async function migrated(database: Database): Promise<Finding> {
  const files = (await readdir(migrationsDir)).filter((name) => name.endsWith('.sql'));
  const applied = await database.query<{ name: string }>('SELECT name FROM autoheal_migrations');
  const names = applied.ok ? applied.rows.map(({ name }) => name) : [];
  const pending = files.filter((name) => !names.includes(name)).sort();
  if (pending.length === 0) return ok('migrations', `all ${files.length} are applied`);
  return fail('migrations', `not applied yet: ${pending.join(', ')}`, 'Run `autoheal migrate`.');
}
