import { cutBegin } from '../../domain/redact/seam.ts';
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { reportSchema, type Report } from '../../domain/report/report.ts';
import { readTraceback } from '../../domain/report/traceback.ts';
import { handOver, type HandedOver } from '../delivery/deliver-or-spool.ts';
import { openSession } from '../session.ts';
import { addCommand, onCall, type Cli } from './command.ts';
import { parseLabels, parseSeconds } from './parse.ts';
import { UsageProblem, type CliIo } from './output.ts';

interface Options {
  message?: string;
  type?: string;
  source: string;
  task?: string;
  target?: string;
  host?: string;
  severity?: string;
  label?: string[];
  wait?: string;
  dryRun?: boolean;
}

const deliverTimeoutMs = 5000;
const dryRunWaitSec = 60;

/** `autoheal report`: a failure, from standard input or `--message`. */
export function addReport(program: Command, cli: Cli): void {
  const command = addCommand(
    program,
    'report',
    'report a failure: a traceback on standard input, or --message',
  )
    .option('--message <text>', 'what failed, instead of standard input')
    .option('--type <name>', 'type of the error, as psycopg2.OperationalError')
    .option('--source <name>', 'who reports', 'cli')
    .option('--task <name>', 'the scheduled task that failed')
    .option('--target <name>', 'the container that failed')
    .option('--host <name>', 'the host that it is on')
    .option('--severity <P1-P4>', 'how bad it is; default: what the rules say')
    .option('--label <key=value...>', 'a label; may be given several times')
    .option('--wait <seconds>', 'wait for the verdict')
    .option('--dry-run', 'say what would be done and why, and do nothing');
  onCall<Options>(command, cli, async ({ options, out, io }) => {
    const report = await readReport(options, io);
    const waitSec = options.dryRun === true ? dryRunWaitSec : parseSeconds('--wait', options.wait ?? '0');
    const session = openSession({ log: (line) => void io.stderr.write(`${line}\n`) });
    try {
      const handed = await handOver(session, report, {
        timeoutMs: deliverTimeoutMs,
        waitForVerdictMs: waitSec * 1000,
        ...(out.json ? {} : { onStatus: progress(io) }),
      });
      const ok = (handed.delivered || handed.spooled) && (waitSec === 0 || handed.result !== undefined);
      out.result({ ok, ...handed }, describe(handed));
      if (!handed.delivered && !handed.spooled)
        io.stderr.write(`${handed.problem ?? 'the report is lost'}\n`);
      return ok ? 0 : 1;
    } finally {
      await session.close();
    }
  });
}

async function readReport(options: Options, io: CliIo): Promise<Report> {
  const { task, target, host, severity, dryRun, source } = options;
  const given = { task, target, host, severity, dryRun, labels: parseLabels(options.label) };
  const parsed = reportSchema.safeParse({
    source,
    error: await readError(options, io),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    occurredAt: new Date().toISOString(),
    reportId: randomUUID(),
  });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UsageProblem(problems.join('\n'));
}

async function readError({ message, type }: Options, io: CliIo): Promise<Report['error']> {
  const named = type === undefined ? {} : { type };
  if (message !== undefined) return { message, ...named };
  if (io.stdin.isTTY === true) {
    throw new UsageProblem('error.message: missing. Give --message, or a traceback on standard input.');
  }
  const text = await readAll(io.stdin);
  if (text.trim() === '')
    throw new UsageProblem('error.message: standard input is empty. Give a traceback there, or --message.');
  return { ...errorIn(text), ...named };
}

/** The exception that a program's output ends in, else its last lines. */
export function errorIn(output: string): Report['error'] {
  const end = readTraceback(output);
  const traceback = cutBegin(output, 500_000);
  if (end !== null) return { type: end.type, message: end.message || end.type, traceback };
  return { message: cutBegin(output.trim(), 100_000) };
}

/** The end of it is what counts; more than this is not kept. */
const maxInput = 2_000_000;

async function readAll(stdin: CliIo['stdin']): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stdin) {
    text = `${text}${typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })}`.slice(
      -maxInput,
    );
  }
  return text;
}

function progress(io: CliIo): (status: { status: string; waitingFor: string | null }) => void {
  let last = '';
  return ({ status, waitingFor }) => {
    const line = waitingFor === null ? status : `${status}, waiting for ${waitingFor}`;
    if (line !== last) io.stderr.write(`${line}\n`);
    last = line;
  };
}

function describe({
  delivered,
  spooled,
  workflowId,
  incidentId,
  joined,
  result,
  problem,
}: HandedOver): string {
  if (spooled) return 'Temporal is away. The report is kept on disk and delivered later.';
  if (!delivered) return 'The report was not delivered.';
  const lines = [
    `${joined === true ? 'Counted on the open incident' : 'Opened incident'} ${incidentId} (${workflowId})`,
  ];
  if (result !== undefined) {
    const { status, playbook, actionType, attempts, verdict, steps = [] } = result;
    lines.push(...steps.map((step) => `  ${step}`));
    lines.push(
      `${status}: ${playbook ?? 'no playbook'}, ${actionType ?? 'no action'}, ${attempts} attempt(s)`,
    );
    lines.push(`Verdict: ${verdict.kind}${verdict.at === null ? '' : ` ${verdict.at}`} (${verdict.reason})`);
  } else if (problem !== undefined) lines.push(problem);
  return lines.join('\n');
}
