import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from './atomic-file.ts';

interface Snapshot {
  /** ISO time. */
  savedAt: string;
  items: unknown[];
}

/** The last good answer to each question that the healer asks of its database, kept for when it is away. */
export interface SnapshotStore {
  /** @returns null where there is none, or none that can be read: the next good answer replaces it */
  read(name: string): Promise<Snapshot | null>;
  /** Writes only what differs from what is there. Throws when the disk does. */
  keep(name: string, items: readonly unknown[]): Promise<void>;
}

/** @param dir holds `<name>.json`, one for each name; made when first needed */
export function openSnapshots(dir: string): SnapshotStore {
  const written = new Map<string, string>();
  const pathOf = (name: string): string => join(dir, `${name}.json`);

  async function read(name: string): Promise<Snapshot | null> {
    try {
      const found = JSON.parse(await readFile(pathOf(name), 'utf8')) as Partial<Snapshot> | null;
      if (typeof found?.savedAt !== 'string' || !Array.isArray(found.items)) return null;
      return { savedAt: found.savedAt, items: found.items };
    } catch {
      return null;
    }
  }

  return {
    read,
    async keep(name, items) {
      const text = JSON.stringify(items);
      if (written.get(name) === text) return;
      const there = await read(name);
      if (there === null || JSON.stringify(there.items) !== text) {
        const snapshot = { savedAt: new Date().toISOString(), items };
        await writeFileAtomically(pathOf(name), `${JSON.stringify(snapshot, null, 1)}\n`);
      }
      written.set(name, text);
    },
  };
}
