import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Where the embedded services of a state folder are: written by `autoheal up`, read by every other command. */
const addressesSchema = z.object({
  temporal: z.string(),
  temporalUi: z.string().nullable(),
  databaseUrl: z.string(),
  http: z.string().nullable(),
  estateFile: z.string(),
  pid: z.int(),
});
export type Addresses = z.infer<typeof addressesSchema>;

const fileIn = (home: string): string => join(home, 'run', 'addresses.json');

export function writeAddresses(home: string, addresses: Addresses): void {
  const file = fileIn(home);
  mkdirSync(join(home, 'run'), { recursive: true, mode: 0o700 });
  // A name of its own for each draft: a process id is another's too, in another container on the same volume.
  const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  writeFileSync(draft, JSON.stringify(addresses, null, 2), { mode: 0o600 });
  renameSync(draft, file);
}

/** @returns null when nothing embedded runs in this state folder */
export function readAddresses(home: string): Addresses | null {
  try {
    return addressesSchema.parse(JSON.parse(readFileSync(fileIn(home), 'utf8')));
  } catch {
    return null;
  }
}

export function removeAddresses(home: string): void {
  rmSync(fileIn(home), { force: true });
}
