import { ActivityFailure, CancelledFailure } from '@temporalio/workflow';
import type { RemoteOutcome } from '../../activities/execute-ssh.ts';
import type { Decision } from '../../domain/incident/decide.ts';
import { giveUp } from '../../domain/incident/verdict.ts';
import { acting } from '../proxies.ts';
import { passGuard } from './pass-guard.ts';
import type { HealRun, Outcome } from './run.ts';

/** Rule 12 for SSH_CMD: a diagnosis cures nothing, so its (redacted) output goes to a person. */
export async function diagnose(
  run: HealRun,
  decision: Extract<Decision, { kind: 'diagnose' }>,
): Promise<Outcome> {
  const { playbook, place, command } = decision;
  const stopped = await passGuard(run, playbook, place, { sideEffect: false, peek: false });
  if (stopped !== null) return stopped;
  let last: RemoteOutcome | null = null;
  for (
    let attempt = 1;
    attempt <= playbook.maxRetries && last?.kind !== 'done' && last?.kind !== 'refused';
    attempt++
  ) {
    run.attempts = attempt;
    run.become('acting');
    const startedAtMs = Date.now();
    last = await runOnce(place.host ?? '', command);
    const failed = last.kind !== 'done';
    const error = 'reason' in last ? last.reason : null;
    run.log({
      attempt,
      actionType: 'SSH_CMD',
      command,
      result: last.kind === 'refused' ? 'refused' : failed ? 'failure' : 'success',
      output: last.kind === 'done' || last.kind === 'failed' ? last.output : null,
      error,
      startedAtMs,
      steps: [{ step: 'act', durationMs: Date.now() - startedAtMs, detail: error ?? command }],
    });
  }
  if (last?.kind === 'refused') {
    const advice = { en: last.wayForward };
    return {
      status: 'refused',
      verdict: giveUp(last.reason),
      reason: last.reason,
      advice,
      output: null,
      tell: true,
    };
  }
  const reason =
    last?.kind === 'done' ? `diagnosed with ${command}; a person has to act` : `${command} could not be run`;
  return {
    status: 'escalated',
    verdict: giveUp(reason),
    reason,
    advice: playbook.actionParams.advice ?? {},
    output: last?.kind === 'done' || last?.kind === 'failed' ? last.output : null,
    tell: true,
  };
}

async function runOnce(host: string, command: string): Promise<RemoteOutcome> {
  try {
    return await acting.executeSsh.executeWithOptions({ summary: `${command} on ${host}` }, [
      { kind: 'command', host, command },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || error.cause instanceof CancelledFailure) throw error;
    const reason = `the worker was lost or too slow (${error.cause?.message ?? error.message})`;
    return {
      kind: 'failed',
      command,
      reason,
      advice: 'It is read-only and is tried again.',
      output: '',
      durationMs: 0,
    };
  }
}
