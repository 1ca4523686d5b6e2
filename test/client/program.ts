import { join } from 'node:path';
import { execa } from 'execa';

const program = join(import.meta.dirname, '..', '..', 'bin', 'autoheal.js');

export interface Ran {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** The last line of standard output, parsed. */
  json: <T>() => T;
}

/** Runs the real program, with nothing of this process's environment but PATH. */
export async function autoheal(
  argv: string[],
  { env = {}, input = '', cwd }: { env?: Record<string, string>; input?: string; cwd?: string } = {},
): Promise<Ran> {
  const result = await execa(process.execPath, [program, ...argv], {
    reject: false,
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    input,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const { exitCode, stdout, stderr } = result;
  return {
    exitCode,
    stdout,
    stderr,
    json: <T>() => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T,
  };
}
