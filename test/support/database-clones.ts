import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../activities/gateways/postgres/migrate.ts';

export const migrationsDir = join(import.meta.dirname, '../../migrations');

const template = 'autoheal_template';
const templateLock = 8_313_014;

/** Makes a database on a server; migrated ones are clones of a template that is migrated once per server. */
export async function createDatabaseOn(
  serverUrl: string,
  options: { empty?: boolean } = {},
): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    if (options.empty === true) {
      await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    } else {
      // One at a time: a template that anybody is connected to can't be cloned.
      await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
      await makeTemplate(client, serverUrl);
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    }
  } finally {
    await client.end();
  }
  return withName(serverUrl, name);
}

async function makeTemplate(client: pg.Client, serverUrl: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
  if (rowCount !== 0) return;
  const scratch = `${template}_${randomBytes(4).toString('hex')}`;
  await client.query(`CREATE DATABASE ${scratch} TEMPLATE template0`);
  await migrate({ url: withName(serverUrl, scratch), dir: migrationsDir, log: () => undefined });
  await client.query(`ALTER DATABASE ${scratch} RENAME TO ${template}`);
}

function withName(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
