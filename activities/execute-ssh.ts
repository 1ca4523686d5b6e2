import { readable } from '../domain/message/readable.ts';
import { cancellationSignal } from '@temporalio/activity';
import {
  adviceForEngine,
  engineTroubleOf,
  isBeforeAsking,
  isBroken,
  waitForEngineSec,
  type EngineTrouble,
} from '../domain/container/engine-trouble.ts';
import type { Estate } from '../domain/estate.ts';
import { answerIn, isAnswer } from '../domain/policy/answer-shape.ts';
import { matchCommand } from '../domain/policy/command.ts';
import { controlledCommand } from '../domain/policy/controlled-command.ts';
import { asRun, fixedCommandRefusal } from '../domain/policy/fixed-command.ts';
import { redact } from '../domain/redact/redact.ts';
import type { RemoteResult } from '../domain/policy/remote.ts';
import { lookUpService } from './containers/look-up-service.ts';
import { protectedGuestOf } from '../domain/policy/namespace.ts';
import { restartContainer } from './containers/restart-container.ts';
import type { Roster } from './containers/roster.ts';
import type { SshLayer } from './gateways/ssh/layer.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { lookAt, type Sight } from './look-at-container.ts';

export interface ExecuteSshDeps {
  estate: Estate;
  ssh: SshLayer;
  roster: Roster;
  /** Secrets that are known by value: this worker's own. */
  secrets?: readonly string[];
}

/** One remote action. A restart names the container by id, and what its StartedAt was when the intent was noted. */
export type RemoteAction =
  | {
      kind: 'restart';
      host: string;
      container: string;
      containerId: string;
      intentStartedAt: string;
      stopTimeoutSec: number;
      /** ISO time after which nothing may be sent any more: the caller has settled the outcome by then. */
      notAfter: string;
    }
  | { kind: 'command'; host: string; command: string }
  /** `approved` is what the person who approved it was shown. */
  | { kind: 'code_fix'; timeoutSec: number; approved: { host: string; command: string } };

export type RemoteOutcome =
  | { kind: 'done'; command: string; output: string; durationMs: number }
  | { kind: 'failed'; command: string; reason: string; advice: string; output: string; durationMs: number }
  /** It may or may not have happened: look before anything else. */
  | { kind: 'unknown'; command: string; reason: string; durationMs: number }
  /** Docker there, or the host itself, could not be asked: nothing was sent, and nothing is known. */
  | {
      kind: 'unseen';
      trouble: EngineTrouble | null;
      waitSec: number;
      reason: string;
      advice: string;
      durationMs: number;
    }
  /** Somebody was there first: the container is not what the intent saw. Nothing was sent. */
  | { kind: 'overtaken'; reason: string; durationMs: number }
  | { kind: 'refused'; rule: string; reason: string; wayForward: string };

/**
 * The one activity with side effects on the estate (ADR-013 A5 to A8). It has a single attempt; it looks once
 * more, by id, right before it acts; and its policy check is made here, in the worker, whatever the caller says.
 */
export function createExecuteSsh(deps: ExecuteSshDeps) {
  return async (action: RemoteAction): Promise<RemoteOutcome> => {
    switch (action.kind) {
      case 'restart':
        return whileHeartbeating(() => restart(deps, action));
      case 'command':
        return whileHeartbeating(() => diagnose(deps, action));
      case 'code_fix':
        return whileHeartbeating(() => fixCode(deps, action));
    }
  };
}

async function restart(
  deps: ExecuteSshDeps,
  action: Extract<RemoteAction, { kind: 'restart' }>,
): Promise<RemoteOutcome> {
  const { host, containerId, stopTimeoutSec } = action;
  // Who lives in its network is asked beside the look, which costs no round trip of its own.
  const [seen, neighbours] = await Promise.all([
    lookAt(deps, { host, container: containerId }),
    deps.roster.of(host),
  ]);
  if (seen.kind === 'refused' && seen.rule === 'unknown') return replacedOr(deps, action, seen);
  if (seen.kind === 'protected' || seen.kind === 'refused') return { ...seen, kind: 'refused' };
  const command = `docker restart -t ${stopTimeoutSec} ${containerId}`;
  if (seen.kind === 'unreachable') return { ...seen, kind: 'unseen' };
  if (seen.container.startedAt !== action.intentStartedAt) {
    return {
      kind: 'overtaken',
      reason: `it was started at ${seen.container.startedAt} by somebody else in the meantime`,
      durationMs: seen.durationMs,
    };
  }
  if (Date.now() > Date.parse(action.notAfter)) {
    return { kind: 'overtaken', reason: 'the time for this action was over before it began', durationMs: 0 };
  }
  const allowed = controlledCommand({ container: seen.container, estate: deps.estate, stopTimeoutSec });
  if (!allowed.ok) return { ...allowed, kind: 'refused' };
  const all = neighbours.kind === 'listed' ? neighbours.entries.map((entry) => entry.container) : [];
  const guest = protectedGuestOf(seen.container, all, deps.estate);
  if (guest !== null) {
    return {
      kind: 'refused',
      rule: 'protected-namespace',
      reason: `${guest.name} lives in its network namespace, and a restart would cut it off (${guest.by})`,
      wayForward: `A person restarts both, this one first: docker restart ${seen.container.name} ${guest.name}`,
    };
  }
  const timeoutMs = (stopTimeoutSec + 20) * 1000;
  const result = await restartContainer(deps.ssh, { host, containerId, stopTimeoutSec, timeoutMs });
  if (result.kind === 'done' && result.exitCode !== 0) {
    const { exitCode, stderr, durationMs } = result;
    const { trouble, words } = engineTroubleOf(exitCode, stderr);
    if (isBeforeAsking(exitCode, stderr) && trouble !== 'refused')
      return {
        kind: 'unseen',
        trouble,
        waitSec: waitForEngineSec[trouble],
        reason: words,
        advice: adviceForEngine[trouble]['en'] ?? '',
        durationMs,
      };
    // The engine went away with the command in its hands.
    if (isBroken(stderr)) return { kind: 'unknown', command, reason: words, durationMs };
  }
  return outcome(deps, command, result, true);
}

/** A container of that id is there no more: a deployment may have put another into its place. */
async function replacedOr(
  deps: ExecuteSshDeps,
  { host, container, containerId }: Extract<RemoteAction, { kind: 'restart' }>,
  gone: Extract<Sight, { kind: 'refused' }>,
): Promise<RemoteOutcome> {
  const now = await lookAt(deps, { host, container });
  if (now.kind === 'unreachable') return { ...now, kind: 'unseen' };
  if (now.kind !== 'found' || now.container.id === containerId) return { ...gone, kind: 'refused' };
  const reason = `${container} was replaced: it is ${now.container.id.slice(0, 12)} now`;
  return { kind: 'overtaken', reason, durationMs: now.durationMs };
}

async function diagnose(
  deps: ExecuteSshDeps,
  { host, command }: { host: string; command: string },
): Promise<RemoteOutcome> {
  const allowed = matchCommand(command);
  if (!allowed.ok) {
    return { kind: 'refused', rule: allowed.rule, reason: allowed.reason, wayForward: allowed.wayForward };
  }
  const { argv, timeoutMs, maxOutputBytes } = allowed;
  const signal = cancellationSignal();
  const run = { host, timeoutMs, maxOutputBytes, signal };
  const result = await deps.ssh.run({ ...run, argv });
  const renamed = await ofService(deps, host, argv, result);
  if (renamed === null) return outcome(deps, command, result, false);
  return outcome(deps, renamed.join(' '), await deps.ssh.run({ ...run, argv: renamed }), false);
}

/** A container that Docker does not know may be the one of a compose service: then the same line with its own name. */
async function ofService(
  deps: ExecuteSshDeps,
  host: string,
  argv: readonly string[],
  result: RemoteResult,
): Promise<readonly string[] | null> {
  const name = argv.at(-1);
  if (argv[0] !== 'docker' || name === undefined || result.kind === 'failed' || result.exitCode === 0)
    return null;
  if (!/no such (?:container|object)/i.test(result.stderr)) return null;
  const found = await lookUpService(deps.ssh, host, name);
  const allowed = found.kind === 'found' ? matchCommand([...argv.slice(0, -1), found.container.name]) : null;
  return allowed?.ok === true ? allowed.argv : null;
}

async function fixCode(
  deps: ExecuteSshDeps,
  { timeoutSec, approved }: Extract<RemoteAction, { kind: 'code_fix' }>,
): Promise<RemoteOutcome> {
  const fix = deps.estate.codeFix;
  if (fix === undefined) {
    return {
      kind: 'refused',
      rule: 'code-fix-not-configured',
      reason: 'the estate file has no codeFix command',
      wayForward: 'Add codeFix to the estate file, or fix the code by hand.',
    };
  }
  const argv = asRun(fix.command, deps.estate);
  if (fix.host !== approved.host || argv.join(' ') !== approved.command) {
    return {
      kind: 'refused',
      rule: 'approval-void',
      reason:
        'the estate file names another code fix than the one that was approved, so the approval is void',
      wayForward: 'Ask for it again, so that a person sees the command line as it is now.',
    };
  }
  const wrong = fixedCommandRefusal(fix.command, deps.estate);
  if (wrong !== null) return { ...wrong, kind: 'refused' };
  const timeoutMs = Math.min(timeoutSec, fix.timeoutSec) * 1000;
  const result = await deps.ssh.run({ host: fix.host, argv, timeoutMs });
  return outcome(deps, argv.join(' '), result, true);
}

function outcome(
  { secrets = [] }: ExecuteSshDeps,
  command: string,
  result: RemoteResult,
  sideEffect: boolean,
): RemoteOutcome {
  if (result.kind === 'failed') {
    const { reason, message, advice, durationMs } = result;
    if (result.maybeRan && sideEffect)
      return { kind: 'unknown', command, reason: `${reason}: ${message}`, durationMs };
    return { kind: 'failed', command, reason: message, advice, output: '', durationMs };
  }
  const said = [answerIn(command, result.stdout).answer, result.stderr]
    .filter((text) => text !== '')
    .join('\n');
  const output = redact(readable(said), secrets);
  if (isAnswer(command, result.exitCode))
    return { kind: 'done', command, output, durationMs: result.durationMs };
  // Docker's own words are what helps; they come last, after its progress.
  const words = output.trim().split('\n').at(-1)?.slice(0, 500) ?? '';
  const what = command.startsWith('docker restart') ? 'docker could not restart it' : `${command} failed`;
  return {
    kind: 'failed',
    command,
    reason: `${what} (exit code ${result.exitCode}): ${words || 'it said nothing'}`,
    advice: 'Run the command by hand on the host.',
    output,
    durationMs: result.durationMs,
  };
}
