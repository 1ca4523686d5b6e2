import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { afterSeam } from '../../domain/redact/seam.ts';
import type { CliIo } from './output.ts';

/** How a command ended. */
export interface CommandEnd {
  /** As a shell would have it: 128 + the signal's number, 127 not found, 126 not executable. */
  exitStatus: number;
  signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  startProblem: string | null;
  /** The end of what it wrote to both streams, in the order of arrival. */
  tail: string;
  /** A signal that was passed on to it: somebody wanted it to stop. */
  stoppedBy: NodeJS.Signals | null;
  /** It ended because whoever read its output went away (`| head`), by a signal or by its own words. */
  endedByClosedPipe: boolean;
}

const tailBytes = 64 * 1024;
/** What a command wrote before it ended is read within this time; a background child may hold its streams for ever. */
const lastWordsMs = 500;
/** What runtimes and shells say of a closed pipe: libc, Python, Node, bash, dash. */
const closedPipeWords = /broken ?pipe|EPIPE|write error|echo: I\/O error/i;
const sigpipeStatus = 128 + constants.signals.SIGPIPE;
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
const stops: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Runs a command as if it had been called directly: its input and output stream through, signals are passed on.
 * It never throws: a command that can't be started is one that failed.
 */
export function runCommand(
  [program = '', ...args]: readonly string[],
  io: Pick<CliIo, 'stdout' | 'stderr'>,
): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['inherit', 'pipe', 'pipe'] });
    const tail = keepTail();
    let readerGone = false;
    let stoppedBy: NodeJS.Signals | null = null;
    let startProblem: { status: number; why: string } | null = null;
    const passOn = (from: Readable, to: NodeJS.WritableStream & { destroyed?: boolean }): (() => void) => {
      // Piped, so that a slow reader slows the command down, as it would without us in between.
      from.on('data', tail.add).pipe(to, { end: false });
      const onReaderGone = (): void => {
        readerGone = true;
        // The command meets the closed pipe itself, at its next write, as it would without us in between.
        from.destroy();
      };
      if (to.destroyed === true) onReaderGone();
      to.once('error', onReaderGone);
      return () => to.off('error', onReaderGone);
    };
    const stopPassing = [passOn(child.stdout, io.stdout), passOn(child.stderr, io.stderr)];
    const forward = (signal: NodeJS.Signals): void => {
      if (stops.includes(signal)) stoppedBy ??= signal;
      // At a terminal, Ctrl-C has reached the command already: it is of the same process group.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    for (const signal of forwarded) process.on(signal, forward);
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      const why = error.code === 'ENOENT' ? 'there is no such program' : (error.code ?? error.message);
      startProblem = { status: error.code === 'ENOENT' ? 127 : 126, why };
    });
    child.once('exit', () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, lastWordsMs).unref();
    });
    child.once('close', (code, signal) => {
      for (const name of forwarded) process.off(name, forward);
      for (const stop of stopPassing) stop();
      const status = startProblem?.status ?? code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolve({
        exitStatus: status,
        signal,
        startProblem: startProblem?.why ?? null,
        tail: tail.text(),
        stoppedBy,
        endedByClosedPipe: readerGone && (status === sigpipeStatus || closedPipeWords.test(tail.text())),
      });
    });
  });
}

/** The last bytes of a stream of any length, without the line that the cut went through. */
function keepTail(): { add: (chunk: Buffer) => void; text: () => string } {
  let chunks: Buffer[] = [];
  let length = 0;
  let isCut = false;
  return {
    add(chunk) {
      chunks.push(chunk);
      length += chunk.length;
      if (length < 2 * tailBytes) return;
      chunks = [Buffer.concat(chunks).subarray(-tailBytes)];
      length = tailBytes;
      isCut = true;
    },
    text: () => {
      const text = Buffer.concat(chunks).subarray(-tailBytes).toString('utf8');
      return isCut || length > tailBytes ? afterSeam(text) : text;
    },
  };
}
