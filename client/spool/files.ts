import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A spooled report's file: its name is its place in the line. */
export interface SpoolFile {
  name: string;
  bytes: number;
}

const namePattern = /^\d{15}-\d{6}-\d{1,10}-[0-9a-f]{6}\.json$/;
let counter = 0;

/** Names sort by time, then by their order within this process. */
export function nextName(nowMs: number): string {
  counter = (counter + 1) % 1_000_000;
  const parts = [
    String(nowMs).padStart(15, '0'),
    String(counter).padStart(6, '0'),
    process.pid,
    randomBytes(3).toString('hex'),
  ];
  return `${parts.join('-')}.json`;
}

/**
 * Makes the folder, for this user only: an error message may say things that others must not read.
 * @throws Error when something else is there, or the disk says no
 */
export async function makeFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await lstat(dir);
  if (!found.isDirectory()) throw new Error(`${dir} is not a folder. Remove what is there.`);
  if ((found.mode & 0o077) !== 0) await chmod(dir, 0o700);
}

/** The reports in the order in which they came; none where there is no folder. */
export async function listReports(dir: string): Promise<SpoolFile[]> {
  const names = await readdir(dir).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => namePattern.test(name))
      .sort()
      .map(async (name) => ({ name, bytes: await sizeOf(join(dir, name)) })),
  );
  return files.filter((file): file is SpoolFile => file.bytes !== null);
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await lstat(path).catch(() => null);
  return found?.isFile() === true ? found.size : null;
}

/** Writes a file that is whole or not there, and survives a power cut once this returns. */
export async function writeWhole(dir: string, name: string, text: string): Promise<void> {
  const scratch = join(dir, `.${name}.tmp`);
  try {
    const file = await open(scratch, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(scratch, join(dir, name));
    await syncFolder(dir);
  } catch (error) {
    await rm(scratch, { force: true }).catch(() => undefined);
    throw error;
  }
}

export async function removeFile(dir: string, name: string): Promise<void> {
  await rm(join(dir, name), { force: true });
  await syncFolder(dir);
}

/** Moves a file out of the line, into a folder beside it. */
export async function setAside(dir: string, name: string, folder: string): Promise<void> {
  await makeFolder(join(dir, folder));
  await rename(join(dir, name), join(dir, folder, name));
  await syncFolder(dir);
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
