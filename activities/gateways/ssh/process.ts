import { execa } from 'execa';
import { setTimeout as sleep } from 'node:timers/promises';
import { BoundedOutput } from './output.ts';

/** How a local ssh process ended. */
export interface SshProcessEnd {
  how: 'exited' | 'timed_out' | 'aborted' | 'not_started';
  exitCode: number | null;
  stdout: string;
  stderr: string;
  truncated: boolean;
  /** Resolves when the process is gone, which is later than the answer where that was whole before its end. */
  gone: Promise<unknown>;
}

export interface SshProcessOptions {
  timeoutMs: number;
  maxOutputBytes?: number | undefined;
  signal?: AbortSignal | undefined;
  /** An open file that takes standard error in place of a pipe: a process left behind can't hold it up. */
  stderrFd?: number;
  /** Whether standard output, as far as it has come, is the whole answer of a command that went well. */
  isWhole?: ((stdout: string) => boolean) | undefined;
}

/**
 * ssh gets no environment of ours: no agent, no tokens in its `/proc/<pid>/environ`, and its messages in English,
 * which the layer reads.
 */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin', LC_ALL: 'C' };

/** How long a process whose answer is known may take to end. */
const farewellMs = 10_000;

/**
 * Runs the system's `ssh` with these arguments, without a shell. On time-out or abort the process is ended and
 * the answer comes at once, also when something else still holds its output open. Never rejects.
 */
export async function runSsh(args: readonly string[], options: SshProcessOptions): Promise<SshProcessEnd> {
  const stdout = new BoundedOutput(options.maxOutputBytes ?? 65_536);
  const stderr = new BoundedOutput(options.maxOutputBytes ?? 65_536);
  const answer = (how: SshProcessEnd['how'], exitCode: number | null): SshProcessEnd => ({
    how,
    exitCode,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated || stderr.truncated,
    gone,
  });
  let gone: Promise<unknown> = Promise.resolve();
  if (options.signal?.aborted) return answer('aborted', null);

  const child = execa('ssh', args, {
    reject: false,
    buffer: false,
    stdin: 'ignore',
    // execa takes any file descriptor; its types know those from 3 to 9 only.
    stderr: (options.stderrFd ?? 'pipe') as 'pipe',
    env: environment,
    extendEnv: false,
    forceKillAfterDelay: 500,
  });
  gone = child;
  const whole = new Promise<'whole'>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.add(chunk);
      if (options.isWhole?.(stdout.text()) === true) resolve('whole');
    });
  });
  child.stderr?.on('data', (chunk: Buffer) => stderr.add(chunk));

  const done = new AbortController();
  const timer = sleep(options.timeoutMs, 'timed_out' as const, { signal: done.signal }).catch(
    () => 'timed_out' as const,
  );
  const aborted = new Promise<'aborted'>((resolve) => {
    options.signal?.addEventListener('abort', () => resolve('aborted'), { once: true, signal: done.signal });
  });
  const first = await Promise.race([child, whole, timer, aborted]);
  done.abort();
  if (first === 'whole') {
    const limit = setTimeout(() => child.kill('SIGTERM'), farewellMs);
    void child.then(() => clearTimeout(limit));
    return answer('exited', 0);
  }
  if (typeof first === 'string') {
    child.kill('SIGTERM');
    child.stdout.destroy();
    child.stderr?.destroy();
    return answer(first, null);
  }
  if (first.exitCode === undefined && first.signal === undefined) return answer('not_started', null);
  return answer('exited', first.exitCode ?? null);
}
