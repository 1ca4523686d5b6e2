import { inject } from 'vitest';
import { createDatabaseOn } from './database-clones.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The superuser's address on the server that the global set-up started. */
    postgresUrl: string;
  }
}

/** @returns the address of a new, migrated (or empty) database on the shared server of the global set-up */
export async function testDatabase(options: { empty?: boolean } = {}): Promise<string> {
  return createDatabaseOn(inject('postgresUrl'), options);
}
