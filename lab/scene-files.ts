import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the lab host's `getent hosts` and `pg_isready` answer: small files that those stand-ins read at each call. */
export interface SceneFiles {
  readonly namesFile: string;
  readonly databasesFile: string;
  names: {
    set(name: string, address: string): void;
    delete(name: string): void;
  };
  /** `null`: nothing answers there at all. */
  postgresReady(host: string, ready: boolean | null): void;
}

/** Docker's names are no names of the host: it knows what it is told, and nothing at first. */
export function makeSceneFiles(dir: string): SceneFiles {
  const namesFile = join(dir, 'names');
  const databasesFile = join(dir, 'databases');
  const addresses = new Map<string, string>();
  const databases = new Map<string, string>();
  const writeNames = (): void => write(namesFile, addresses);
  const writeDatabases = (): void => write(databasesFile, databases);
  writeNames();
  writeDatabases();
  return {
    namesFile,
    databasesFile,
    names: {
      set(name, address) {
        addresses.set(name, address);
        writeNames();
      },
      delete(name) {
        addresses.delete(name);
        writeNames();
      },
    },
    postgresReady(host, ready) {
      if (ready === null) databases.delete(host);
      else databases.set(host, ready ? 'accepting' : 'rejecting');
      writeDatabases();
    },
  };
}

/** In one step, so that a reader never sees half of it. */
function write(file: string, lines: ReadonlyMap<string, string>): void {
  writeFileSync(`${file}.new`, [...lines].map(([name, value]) => `${name} ${value}\n`).join(''));
  renameSync(`${file}.new`, file);
}
