import type { Command } from 'commander';
import { createOutput, type CliIo, type Output } from './output.ts';

/** The program while it runs: where it writes, and how it will end. */
export interface Cli {
  io: CliIo;
  exitCode: number;
}

export interface Call<O> {
  options: O;
  /** The command's arguments; a variadic one is spread. */
  args: string[];
  out: Output;
  io: CliIo;
}

/** Adds a command. Every command has `--json`. @param usage name and arguments: `show <id>` */
export function addCommand(parent: Command, usage: string, description: string): Command {
  return parent
    .command(usage)
    .description(description)
    .option('--json', 'write one JSON value as the last line of standard output');
}

/** Says what a command does. What it throws is told to people, without a stack trace. */
export function onCall<O extends object>(
  command: Command,
  cli: Cli,
  work: (call: Call<O>) => Promise<number>,
): Command {
  return command.action(async () => {
    const options = command.opts<O & { json?: boolean }>();
    const out = createOutput(cli.io, options.json === true);
    try {
      cli.exitCode = await work({ options, args: command.args, out, io: cli.io });
    } catch (error) {
      cli.exitCode = out.fail(error);
    }
  });
}
