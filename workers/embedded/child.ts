import { join } from 'node:path';
import { execa } from 'execa';

const root = join(import.meta.dirname, '..', '..');

export interface Child {
  name: string;
  pid: number;
  /** The first line that it prints on stdout. */
  firstLine: Promise<string>;
  /** Resolves when it has ended. */
  ended: Promise<{ exitCode: number | undefined; signal: string | undefined }>;
  stop(): Promise<void>;
}

/** Starts one of our own programs as a child process; its stderr is passed through, line by line. */
export function startChild(options: {
  name: string;
  /** A TypeScript file, relative to the project. */
  script: string;
  args?: readonly string[];
  environment: Record<string, string>;
  onLine: (line: string) => void;
}): Child {
  const { name, script, args = [], environment, onLine } = options;
  const process_ = execa(process.execPath, ['--import', 'tsx', join(root, script), ...args], {
    cwd: process.cwd(),
    env: environment,
    extendEnv: false,
    reject: false,
    buffer: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    cleanup: true,
    // Ctrl-C goes to this process, which stops its children in order; should it die, they end with its pipe.
    detached: true,
  });
  const ended = process_.then((result) => ({ exitCode: result.exitCode, signal: result.signal }));
  const firstLine = new Promise<string>((resolve, reject) => {
    let text = '';
    process_.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    void ended.then(({ exitCode, signal }) =>
      reject(new Error(`${name} ended at its start (${signal ?? `exit code ${exitCode}`})`)),
    );
  });
  firstLine.catch(() => undefined);
  passLines(process_.stderr, onLine);
  return {
    name,
    pid: process_.pid ?? 0,
    firstLine,
    ended,
    async stop() {
      process_.kill('SIGTERM');
      const killer = setTimeout(() => process_.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(killer);
    },
  };
}

function passLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
}
