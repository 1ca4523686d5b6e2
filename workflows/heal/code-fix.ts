import { ActivityFailure, CancelledFailure } from '@temporalio/workflow';
import type { RemoteOutcome } from '../../activities/execute-ssh.ts';
import type { Decision } from '../../domain/incident/decide.ts';
import { giveUp } from '../../domain/incident/verdict.ts';
import { acting } from '../proxies.ts';
import { ask } from './approval.ts';
import { PauseWatch } from './pauses.ts';
import type { HealRun, Outcome } from './run.ts';

const approvalDeadlineMin = 60;

/**
 * ADR-013 A13: a code fix is asked for, never taken. Approved by a person, the estate file's one command line runs
 * once, on a work branch; whether its result is any good is for a person to say.
 */
export async function fixCode(
  run: HealRun,
  decision: Extract<Decision, { kind: 'code_fix' }>,
): Promise<Outcome> {
  const note = run.classified.report.action?.note;
  const asked = `CODE_FIX on ${decision.host}: ${decision.command}${note === undefined ? '' : ` — asked for: ${note.slice(0, 500)}`}`;
  const pauses = new PauseWatch({ host: decision.host, target: null }, Date.now());
  const no = (await ask(run, asked, approvalDeadlineMin)) ?? (await pauses.stops());
  if (no !== null) return no;
  run.attempts = 1;
  run.become('acting');
  const startedAtMs = Date.now();
  run.fired = true;
  const outcome = await once(decision);
  const error = 'reason' in outcome ? outcome.reason : null;
  const output = outcome.kind === 'done' || outcome.kind === 'failed' ? outcome.output : null;
  const result = {
    done: 'success',
    failed: 'failure',
    unknown: 'unknown',
    overtaken: 'skipped',
    refused: 'refused',
  } as const;
  run.log({
    attempt: 1,
    actionType: 'CODE_FIX',
    command: decision.command,
    result: result[outcome.kind],
    output,
    error,
    startedAtMs,
    steps: [{ step: 'act', durationMs: Date.now() - startedAtMs, detail: error ?? decision.command }],
  });
  const reason =
    outcome.kind === 'done'
      ? 'the code fix ran; its work branch waits for a review'
      : (error ?? outcome.kind);
  return {
    status: outcome.kind === 'done' ? 'alerted' : 'escalated',
    verdict: giveUp(reason),
    reason,
    advice: { en: 'Review the work branch before it is merged.', 'zh-TW': '合併前請先審查工作分支。' },
    output,
    tell: true,
  };
}

async function once({
  command,
  timeoutSec,
  host,
}: Extract<Decision, { kind: 'code_fix' }>): Promise<RemoteOutcome> {
  try {
    return await acting.executeSsh.executeWithOptions(
      { summary: `code fix on ${host}`, startToCloseTimeout: (timeoutSec + 30) * 1000 },
      [{ kind: 'code_fix', timeoutSec, approved: { host, command } }],
    );
  } catch (error) {
    if (!(error instanceof ActivityFailure) || error.cause instanceof CancelledFailure) throw error;
    return {
      kind: 'unknown',
      command,
      reason: 'the worker was lost while the fix ran; it is not run again',
      durationMs: 0,
    };
  }
}
