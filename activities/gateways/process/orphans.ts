import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../../files/atomic-file.ts';
import { endGroup, groupLives, startOfProcess } from './identity.ts';

/** A running process group and the worker that watches it. */
const noteSchema = z.object({
  pid: z.int().positive(),
  started: z.string().nullable(),
  watcherPid: z.int().positive(),
  watcherStarted: z.string().nullable(),
});
type Note = z.infer<typeof noteSchema>;

/**
 * Notes on running processes, on disk: a worker that is killed can't end what it has started, so the next run of
 * the same task on this machine does, before it begins. Nothing here ever throws: a full disk keeps no task from
 * running.
 */
export interface ProcessNotes {
  /** @returns takes the note away again */
  keep(name: string, pid: number): Promise<() => Promise<void>>;
  /** Ends what is left of runs whose worker is gone. @returns how many there were */
  endLeftovers(name: string): Promise<number>;
}

/** @param dir kept by this gateway alone; made when absent */
export function openProcessNotes(dir: string): ProcessNotes {
  return {
    async keep(name, pid) {
      const file = join(dir, `${name}.${pid}.json`);
      const [started, watcherStarted] = await Promise.all([startOfProcess(pid), startOfProcess(process.pid)]);
      const note: Note = { pid, started, watcherPid: process.pid, watcherStarted };
      await writeFileAtomically(file, JSON.stringify(note)).catch(() => undefined);
      return () => rm(file, { force: true }).catch(() => undefined);
    },
    async endLeftovers(name) {
      const files = await readdir(dir).catch(() => []);
      let ended = 0;
      for (const file of files.filter((entry) => entry.startsWith(`${name}.`) && entry.endsWith('.json'))) {
        const note = await read(join(dir, file));
        if (note !== null && (await isWatched(note))) continue;
        if (note !== null && (await isStill(note))) {
          await endGroup(note.pid);
          ended += 1;
        }
        await rm(join(dir, file), { force: true }).catch(() => undefined);
      }
      return ended;
    },
  };
}

async function read(file: string): Promise<Note | null> {
  try {
    const parsed = noteSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function isWatched({ watcherPid, watcherStarted }: Note): Promise<boolean> {
  return watcherStarted !== null && (await startOfProcess(watcherPid)) === watcherStarted;
}

/** The group's first process, or, where that one has ended, the rest of its group: its id can't be another's then. */
async function isStill({ pid, started }: Note): Promise<boolean> {
  const now = await startOfProcess(pid);
  return now === null ? groupLives(pid) : now === started;
}
