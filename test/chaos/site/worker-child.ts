import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

/** A worker in a process of its own, so that it can be killed as a machine's power cut would. */
export interface WorkerChild {
  readonly pid: number;
  /** Resolves when the process has ended, however that came. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it has written so far. */
  log(): string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM: it may finish what it is at. */
  signal(signal: NodeJS.Signals): void;
}

/**
 * Starts a worker program and waits until it polls.
 * @throws Error with the end of its log when it ends, or is silent for a minute
 */
export async function startWorkerChild(options: {
  program: string;
  environment: Readonly<Record<string, string>>;
}): Promise<WorkerChild> {
  const child = spawn(process.execPath, ['--import', 'tsx', options.program], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const polls = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      if (text.includes('Worker polls')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  const atExit = (): void => void child.kill('SIGKILL');
  process.once('exit', atExit);
  void ended.then(() => process.off('exit', atExit));
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The worker does not poll after 60 s: ${text.slice(-2000)}`)),
      60_000,
    );
  });
  const endedEarly = ended.then(({ code }) => {
    throw new Error(`The worker ended with exit code ${code} before it polled: ${text.slice(-2000)}`);
  });
  endedEarly.catch(() => undefined);
  try {
    await Promise.race([polls, endedEarly, tooLate]);
  } finally {
    clearTimeout(timer);
  }
  return {
    pid: child.pid ?? 0,
    ended,
    log: () => text,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    signal: (signal) => void child.kill(signal),
  };
}
