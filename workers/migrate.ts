import { join } from 'node:path';
import { migrate } from '../activities/gateways/postgres/migrate.ts';
import { readConfig } from '../settings/settings.ts';
import { databaseUrlOf } from './database-url.ts';

export const migrationsDir = join(import.meta.dirname, '..', 'migrations');

/** Brings the database up to date. @returns the exit code */
export async function runMigrate({ json }: { json: boolean }): Promise<number> {
  const config = readConfig();
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const done = await migrate({ url: databaseUrlOf(config), dir: migrationsDir, log });
  log(`${done.applied.length} migration(s) applied now, ${done.already} before`);
  if (json) process.stdout.write(`${JSON.stringify(done)}\n`);
  return 0;
}
