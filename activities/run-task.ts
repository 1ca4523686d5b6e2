import { readable } from '../domain/message/readable.ts';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { Estate, Task } from '../domain/estate.ts';
import { asRun, fixedCommandRefusal } from '../domain/policy/fixed-command.ts';
import type { PolicyRefusal } from '../domain/policy/refusal.ts';
import { redact } from '../domain/redact/redact.ts';
import { outputTailLength, tailOf, type TaskEnd } from '../domain/task/run.ts';
import type { ProcessNotes } from './gateways/process/orphans.ts';
import { programBehind, runLocalProcess } from './gateways/process/run.ts';
import type { SshLayer } from './gateways/ssh/layer.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { taskOf } from './read-task.ts';

export interface RunTaskDeps {
  estate: Estate;
  /** The folder of the estate file: where tasks of this machine run. */
  estateDir: string;
  ssh: SshLayer;
  notes: ProcessNotes;
  /** Secrets that are known by value: this worker's own. */
  secrets?: readonly string[];
}

/** What this process may know and a task has no business with. */
const withhold = [
  ...['DATABASE_URL', 'PGPASSWORD', 'TELEGRAM_BOT_TOKEN', 'EMBEDDING_API_KEY'],
  ...['AUTOHEAL_API_TOKEN', 'AUTOHEAL_CODEC_KEY', 'AUTOHEAL_SENTRY_SECRET'],
  ...['TEMPORAL_API_KEY', 'TEMPORAL_TLS_CLIENT_KEY_DATA'],
];

/**
 * Runs a task's command once. The command comes from the estate file, whatever the caller says, and is judged as every
 * fixed command is, here and on a host alike (ADR-013 A8); on a host it goes through the shared ssh layer (A5). A cancellation ends the command before it is confirmed.
 * @throws ApplicationFailure `NotInEstate`, never retried
 */
export function createRunTask(deps: RunTaskDeps) {
  return async ({ task: name }: { task: string }): Promise<TaskEnd> => {
    const { estate } = deps;
    const task = taskOf(estate, name);
    heartbeat();
    const wrong = fixedCommandRefusal(task.command, estate);
    if (wrong !== null) return refused(wrong);
    const run = { ...task, command: asRun(task.command, estate) };
    if (run.host !== undefined) {
      const { host } = run;
      return whileHeartbeating(() => runOnHost(deps, run, host));
    }
    const behind = await behindLinks(run.command);
    const wrongBehind = behind === null ? null : fixedCommandRefusal(behind, estate);
    if (wrongBehind !== null) return refused(wrongBehind);
    return whileHeartbeating(() => runHere(deps, name, run));
  };
}

/** The command with its program as links on this machine lead to it, or null where none do. */
async function behindLinks([program = '', ...args]: readonly string[]): Promise<string[] | null> {
  const real = await programBehind(program);
  return real === null || real === program ? null : [real, ...args];
}

function refused({ rule, reason, wayForward }: PolicyRefusal): TaskEnd {
  const said = `was refused (${rule}): ${reason}; ${wayForward}`;
  return { kind: 'failed', reason: said, exitCode: null, outputTail: '', durationMs: 0 };
}

async function runHere(
  { estateDir, notes, secrets }: RunTaskDeps,
  name: string,
  task: Task,
): Promise<TaskEnd> {
  const signal = cancellationSignal();
  const leftovers = await notes.endLeftovers(name);
  const end = await runLocalProcess(
    {
      name,
      argv: task.command,
      cwd: estateDir,
      timeoutMs: task.timeoutSec * 1000,
      // Twice what is kept: a secret that the cut goes through is still recognised whole.
      maxOutputBytes: 2 * outputTailLength,
      withhold,
      signal,
    },
    notes,
  );
  if (end.how === 'aborted') throwIfAskedTo(signal);
  const note =
    leftovers === 0 ? '' : `(${leftovers} earlier run(s), left by a lost worker, were ended first)\n`;
  const rest = { outputTail: tidy(note + end.output, secrets), durationMs: end.durationMs };
  const failed = (reason: string): TaskEnd => ({ kind: 'failed', reason, exitCode: end.exitCode, ...rest });
  switch (end.how) {
    case 'not_started':
      return failed(`could not be started: ${end.problem ?? 'no reason known'}`);
    case 'timed_out':
      return failed(`did not end within ${task.timeoutSec} s and was ended`);
    case 'aborted':
      return {
        kind: 'unknown',
        lost: 'worker',
        reason: 'was ended because its worker was shut down',
        ...rest,
      };
    case 'exited':
      if (end.exitCode === 0) return { kind: 'done', ...rest };
      return failed(
        end.exitCode === null ? `was ended by ${end.signal}` : `ended with exit code ${end.exitCode}`,
      );
  }
}

async function runOnHost({ ssh, secrets }: RunTaskDeps, task: Task, host: string): Promise<TaskEnd> {
  const signal = cancellationSignal();
  const timeoutMs = task.timeoutSec * 1000;
  const end = await ssh.run({
    host,
    argv: task.command,
    timeoutMs,
    maxOutputBytes: outputTailLength,
    signal,
  });
  if (signal.aborted) throwIfAskedTo(signal);
  const { durationMs } = end;
  if (end.kind === 'failed') {
    const reason = `could not be run on ${host}: ${redact(end.message)}. ${end.advice}`;
    if (!end.maybeRan) return { kind: 'failed', reason, exitCode: null, outputTail: '', durationMs };
    const lost = signal.aborted ? 'worker' : 'host';
    return {
      kind: 'unknown',
      lost,
      reason: `may still run on ${host}: ${redact(end.message)}`,
      outputTail: '',
      durationMs,
    };
  }
  const outputTail = tidy([end.stdout, end.stderr].filter((text) => text !== '').join('\n'), secrets);
  if (end.exitCode === 0) return { kind: 'done', outputTail, durationMs };
  return {
    kind: 'failed',
    reason: `ended with exit code ${end.exitCode}`,
    exitCode: end.exitCode,
    outputTail,
    durationMs,
  };
}

/** A worker's shutdown also aborts; that one is an outcome to tell, not a cancellation to confirm. */
function throwIfAskedTo(signal: AbortSignal): void {
  const why: unknown = signal.reason;
  if (why instanceof CancelledFailure && why.message !== 'WORKER_SHUTDOWN') throw why;
}

const tidy = (output: string, secrets: readonly string[] = []): string =>
  tailOf(redact(readable(output), secrets), outputTailLength);
