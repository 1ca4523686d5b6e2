import { redact } from '../../domain/redact/redact.ts';

/** Where a command reads and writes; tests hand in their own. */
export interface CliIo {
  stdin: AsyncIterable<Buffer | string> & { isTTY?: boolean };
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

/** Thrown when the command line is wrong: exit code 2. The message names the option or field. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem';
}

/** What a command says. With `--json`, standard output holds one JSON value, and people read standard error. */
export interface Output {
  readonly json: boolean;
  /** A line for people. */
  say(line: string): void;
  /** What was asked for: `value` with `--json`, else `text` for people. */
  result(value: unknown, text?: string): void;
  /** Says what went wrong. @returns the exit code */
  fail(error: unknown): number;
}

export function createOutput(io: CliIo, json: boolean): Output {
  const people = json ? io.stderr : io.stdout;
  const say = (line: string): void => void people.write(`${line}\n`);
  return {
    json,
    say,
    result(value, text) {
      if (json) io.stdout.write(`${JSON.stringify(value)}\n`);
      else if (text !== undefined) say(text);
    },
    fail(error) {
      const message = redact(error instanceof Error ? error.message : String(error));
      io.stderr.write(`${message}\n`);
      const code =
        error instanceof Error && 'code' in error && typeof error.code === 'string'
          ? { code: error.code }
          : {};
      if (json) io.stdout.write(`${JSON.stringify({ ok: false, error: message, ...code })}\n`);
      return error instanceof UsageProblem ? 2 : 1;
    },
  };
}
