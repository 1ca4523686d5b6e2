import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Rows of one statement. A database that is away or just starting is waited for. */
export type Rows = <T extends object>(sql: string, params?: unknown[]) => Promise<T[]>;

const triesForTenSeconds = 50;

export function openRows(databaseUrl: string): { rows: Rows; close: () => Promise<void> } {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return {
    async rows<T extends object>(sql: string, params: unknown[] = []) {
      for (let tries = 1; ; tries++) {
        try {
          return (await pool.query<T>(sql, params)).rows;
        } catch (error) {
          const away = !(error instanceof pg.DatabaseError) || error.code?.startsWith('57') === true;
          if (tries === triesForTenSeconds || !away) throw error;
          await sleep(200);
        }
      }
    },
    close: () => pool.end(),
  };
}
