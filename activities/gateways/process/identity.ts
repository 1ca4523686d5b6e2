import { readFile } from 'node:fs/promises';
import { execa } from 'execa';

/**
 * When a process was started, in the system's own spelling: with the id it names a process for good, as ids are
 * used again. Null where there is no such process (any more).
 */
export async function startOfProcess(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (stat === null) return null;
    // The program's name stands in brackets and may hold anything; what follows is field 3 (state) and on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[19] === undefined ? null : fields[19];
  }
  const ps = await execa('ps', ['-o', 'lstart=', '-p', String(pid)], { reject: false, timeout: 5000 });
  return ps.exitCode === 0 && ps.stdout.trim() !== '' ? ps.stdout.trim() : null;
}

/** Whether any process of this group lives. */
export function groupLives(groupId: number): boolean {
  try {
    process.kill(-groupId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const graceMs = 5000;

/** Ends a process group: asked first, then made to. Resolves when it is gone, at the latest after ten seconds. */
export async function endGroup(groupId: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(-groupId, signal);
    } catch {
      return;
    }
    const until = Date.now() + graceMs;
    while (groupLives(groupId)) {
      if (Date.now() > until) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
