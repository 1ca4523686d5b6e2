import { Command, CommanderError } from 'commander';
import { programVersion } from '../../settings/program-version.ts';
import type { Cli } from './command.ts';
import { createOutput, type CliIo } from './output.ts';
import { addGuard } from './guard.ts';
import { addIncidents } from './incidents.ts';
import { addPauses } from './pause.ts';
import { addPlaybooks } from './playbooks.ts';
import { addProcesses } from './processes.ts';
import { addRecipients } from './recipients.ts';
import { addReport } from './report.ts';
import { addRun } from './run.ts';
import { addSchedules } from './add-schedules.ts';
import { addSearch } from './search.ts';

/**
 * The command line. Exit codes: 0 done, 1 failed, 2 wrong usage; `run` ends as the command that it ran.
 * @param argv without the program's name
 */
export async function main(argv: readonly string[], io: CliIo = process): Promise<number> {
  const cli: Cli = { io, exitCode: 0 };
  const program = createProgram(cli);
  try {
    process.exitCode = undefined;
    await program.parseAsync([...argv], { from: 'user' });
    return cli.exitCode === 0 ? Number(process.exitCode ?? 0) : cli.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return createOutput(io, argv.includes('--json')).fail(error);
    if (error.exitCode === 0) return 0;
    // Commander has told people already.
    if (argv.includes('--json')) io.stdout.write(`${JSON.stringify({ ok: false, error: error.message })}\n`);
    return 2;
  }
}

function createProgram(cli: Cli): Command {
  const program = new Command('autoheal')
    .description('Heals incidents of a docker-compose estate by itself, orchestrated by Temporal.')
    .version(programVersion, '--version', 'say which release this is')
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({
      writeOut: (text) => void cli.io.stdout.write(text),
      writeErr: (text) => void cli.io.stderr.write(text),
    });
  addProcesses(program, cli);
  addReport(program, cli);
  addRun(program, cli);
  addIncidents(program, cli);
  addPlaybooks(program, cli);
  addPauses(program, cli);
  addGuard(program, cli);
  addSchedules(program);
  addSearch(program, cli);
  addRecipients(program, cli);
  return program;
}
