import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Report } from '../../domain/report/report.ts';
import { reportSchema } from '../../domain/report/report.ts';
import { giveUp } from '../../domain/incident/verdict.ts';
import { handOver, type HandedOver } from '../delivery/deliver-or-spool.ts';
import { mayRunAgain, takenInWords, type RetryLease } from '../delivery/retry-lease.ts';
import { openSession, type Session } from '../session.ts';
import { pauseBeforeRetry } from '../with-autoheal.ts';
import { addCommand, onCall, type Cli } from './command.ts';
import { failureOfCommand } from './failure-of-command.ts';
import { UsageProblem, type CliIo } from './output.ts';
import { parseCount, parseSeconds } from './parse.ts';
import { runCommand, type CommandEnd } from './run-command.ts';

interface Options {
  task: string;
  target?: string;
  host?: string;
  severity?: string;
  wait: string;
  maxRuns?: string;
}

const deliverTimeoutMs = 5000;
const defaultMaxRuns = 3;

/** `autoheal run --task NAME -- CMD…`: for every scheduler that can call a command line. */
export function addRun(program: Command, cli: Cli): void {
  const command = addCommand(
    program,
    'run <command...>',
    'run a command; report its failure, and run it again when the verdict says so',
  )
    .requiredOption('--task <name>', "the task's name, as in the estate file")
    .option('--target <name>', "the container that the task needs; default: the task's in the estate file")
    .option('--host <name>', 'the host that it is on')
    .option('--severity <P1-P4>', 'how bad its failure is')
    .option('--wait <seconds>', 'for verdicts and pauses, in all', '1800')
    .option(
      '--max-runs <number>',
      `runs, the first one included (default: the task's in the estate file, else ${defaultMaxRuns})`,
    )
    .passThroughOptions();
  onCall<Options>(command, cli, async ({ options, args, out, io }) => {
    const waitSec = parseSeconds('--wait', options.wait);
    const maxRuns = options.maxRuns === undefined ? null : parseCount('--max-runs', options.maxRuns, 100);
    const context = parseContext(options);
    const say = (line: string): void => void io.stderr.write(`autoheal: ${line}\n`);
    const session = openSession({ log: say });
    try {
      const ended = await runUntilDone(args, { context, maxRuns, waitMs: waitSec * 1000, io, say, session });
      const { end, runs, handed } = ended;
      out.result({
        ok: end.exitStatus === 0,
        task: options.task,
        exitStatus: end.exitStatus,
        runs,
        ...(handed ?? {}),
      });
      return end.exitStatus;
    } finally {
      await session.close();
    }
  });
}

type Context = Pick<Report, 'source' | 'task' | 'target' | 'host' | 'severity'>;

interface Bounds {
  context: Context;
  maxRuns: number | null;
  waitMs: number;
  io: CliIo;
  say: (line: string) => void;
  session: Session;
}

async function runUntilDone(
  argv: string[],
  bounds: Bounds,
): Promise<{ end: CommandEnd; runs: number; handed: HandedOver | null }> {
  const { context, io, say, session } = bounds;
  const untilMs = Date.now() + bounds.waitMs;
  let handed: HandedOver | null = null;
  let lease: RetryLease | null = null;
  const { task = '', target } = context;
  try {
    for (let runs = 1; ; runs += 1) {
      const end = await runCommand(argv, io);
      if (end.exitStatus === 0) return { end, runs, handed };
      if (end.endedByClosedPipe) {
        say(
          `${context.task}'s output was no longer read, and it ended with ${end.exitStatus}; that is not reported.`,
        );
        return { end, runs, handed };
      }
      if (end.stoppedBy !== null) {
        say(`${context.task} was stopped by ${end.stoppedBy}; that is not reported.`);
        return { end, runs, handed };
      }
      const last = runs >= (bounds.maxRuns ?? (await maxRunsOf(session, context.task)));
      const left = Math.max(0, untilMs - Date.now());
      const occurredAt = new Date().toISOString();
      const report: Report = {
        ...context,
        error: failureOfCommand(context.task ?? '', end),
        occurredAt,
        reportId: randomUUID(),
      };
      if (end.startProblem !== null) say(report.error.message);
      handed = await handOver(session, report, {
        timeoutMs: deliverTimeoutMs,
        waitForVerdictMs: last ? 0 : left,
        onStatus: showProgress(say),
      });
      tell(handed, say);
      const pauseMs = last ? null : pauseBeforeRetry(handed.verdict, Math.max(0, untilMs - Date.now()));
      if (pauseMs === null) return { end, runs, handed };
      if (pauseMs > 0) say(`running it again at ${handed.verdict?.at ?? ''}`);
      await sleep(pauseMs);
      lease ??= await mayRunAgain(session, handed, { task, target });
      if (lease.kind === 'taken') {
        const reason = takenInWords(task, lease.holder);
        say(reason);
        return { end, runs, handed: { ...handed, verdict: giveUp(reason) } };
      }
      say('running it again');
    }
  } finally {
    if (lease?.kind === 'ours') await lease.release();
  }
}

/** The estate file says how often a task may run, and whether it is safe to run twice at all. */
async function maxRunsOf(session: Session, task = ''): Promise<number> {
  const estate = (await session.context().catch(() => null))?.estate;
  const known = estate !== undefined && Object.hasOwn(estate.tasks, task) ? estate.tasks[task] : undefined;
  if (known === undefined) return defaultMaxRuns;
  return known.retry === 'never' ? 1 : known.maxRuns;
}

function parseContext({ task, target, host, severity }: Options): Context {
  const given = Object.fromEntries(
    Object.entries({ task, target, host, severity }).filter(([, value]) => value !== undefined),
  );
  const parsed = reportSchema.omit({ error: true }).safeParse({ source: 'task', ...given });
  if (parsed.success) return parsed.data;
  throw new UsageProblem(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
  );
}

function showProgress(
  say: (line: string) => void,
): (status: { status: string; waitingFor: string | null; until: string | null }) => void {
  let last = '';
  return ({ status, waitingFor, until }) => {
    const line = [
      status,
      waitingFor === null ? '' : `waiting for ${waitingFor}`,
      until === null ? '' : `until ${until}`,
    ]
      .filter(Boolean)
      .join(', ');
    if (line !== last) say(line);
    last = line;
  };
}

function tell(
  { delivered, incidentId, joined, result, problem }: HandedOver,
  say: (line: string) => void,
): void {
  if (delivered) say(`${joined === true ? 'counted on the open' : 'opened'} incident ${incidentId}`);
  if (result !== undefined) say(`${result.status}: ${result.verdict.kind} (${result.verdict.reason})`);
  else if (delivered && problem !== undefined) say(problem);
}
