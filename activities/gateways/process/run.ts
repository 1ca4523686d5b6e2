import { execa } from 'execa';
import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup } from './identity.ts';
import type { ProcessNotes } from './orphans.ts';
import { OutputEnd } from './output-end.ts';

export interface LocalProcessRequest {
  /** By this name a later run finds what a killed worker left running. */
  name: string;
  argv: readonly string[];
  cwd: string;
  timeoutMs: number;
  /** Of standard output and standard error together; the end is kept. */
  maxOutputBytes: number;
  /** Variables of this process's environment that the program doesn't get. */
  withhold: readonly string[];
  signal: AbortSignal;
}

/** How a local process ended. `problem` says why one could not be started. */
export interface LocalProcessEnd {
  how: 'exited' | 'timed_out' | 'aborted' | 'not_started';
  exitCode: number | null;
  signal: string | null;
  problem: string | null;
  output: string;
  durationMs: number;
}

/** How long output is awaited that something else still holds open. */
const drainMs = 1000;

/**
 * Runs a program on this machine, without a shell, in a process group of its own; on time-out and on abort the
 * whole group is ended before the answer comes. Never rejects.
 */
export async function runLocalProcess(
  request: LocalProcessRequest,
  notes: ProcessNotes,
): Promise<LocalProcessEnd> {
  const begunMs = performance.now();
  const output = new OutputEnd(request.maxOutputBytes);
  const answer = (end: Partial<LocalProcessEnd> & Pick<LocalProcessEnd, 'how'>): LocalProcessEnd => ({
    exitCode: null,
    signal: null,
    problem: null,
    output: output.text(),
    durationMs: Math.round(performance.now() - begunMs),
    ...end,
  });
  const [program, ...args] = request.argv;
  if (program === undefined) return answer({ how: 'not_started', problem: 'there is no program to run' });
  if (request.signal.aborted) return answer({ how: 'aborted' });

  const child = execa(program, args, {
    cwd: request.cwd,
    env: Object.fromEntries(request.withhold.map((name) => [name, undefined])),
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    // A group of its own: what the program starts ends with it.
    detached: true,
    cleanup: false,
  });
  child.all.on('data', (chunk: Buffer) => output.add(chunk));
  const closed = child.then((result) => result);
  const { pid } = child;
  if (pid === undefined) {
    const { code, shortMessage } = await closed;
    const why = code === 'ENOENT' ? `there is no program ${program}` : shortMessage?.split('\n')[0];
    return answer({ how: 'not_started', problem: why ?? 'it could not be started' });
  }

  const exited = new Promise<'exited'>((resolve) => child.once('exit', () => resolve('exited')));
  const forget = await notes.keep(request.name, pid);
  const done = new AbortController();
  const first = await Promise.race([
    exited,
    sleep(request.timeoutMs, 'timed_out' as const, { signal: done.signal }).catch(() => 'timed_out' as const),
    new Promise<'aborted'>((resolve) => {
      if (request.signal.aborted) resolve('aborted');
      request.signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: done.signal });
    }),
  ]);
  done.abort();
  if (first !== 'exited') await endGroup(pid);
  await Promise.race([closed, sleep(drainMs)]);
  child.stdout.destroy();
  child.stderr.destroy();
  await forget();
  if (first !== 'exited') return answer({ how: first });
  return answer({ how: 'exited', exitCode: child.exitCode, signal: child.signalCode });
}

/** Where this path leads once every link is followed, or null where it leads nowhere. */
export async function programBehind(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}
