import { workflowInfo } from '@temporalio/workflow';
import type { Decision } from '../../domain/incident/decide.ts';
import { giveUp } from '../../domain/incident/verdict.ts';
import { thinking } from '../proxies.ts';
import { passGuard } from './pass-guard.ts';
import type { HealRun, Outcome } from './run.ts';

/** A failure without a playbook is told once in this time, however often it comes back. */
const toldOnceMin = 10;

/** Rules 4 and 10: a person is told, and acts. */
export async function alert(run: HealRun, decision: Extract<Decision, { kind: 'alert' }>): Promise<Outcome> {
  const { playbook } = decision;
  if (playbook !== null && decision.rule !== 4) {
    const place = run.classified.place;
    const stopped = await passGuard(run, playbook, place, { sideEffect: false, peek: false });
    if (stopped !== null) return stopped;
  }
  const tell = decision.rule !== 4 || (await isNews(run));
  run.attempts = 1;
  run.log({
    attempt: 1,
    actionType: 'ALERT_ONLY',
    command: null,
    result: tell ? 'success' : 'skipped',
    output: null,
    error: null,
    startedAtMs: Date.now(),
    steps: [
      { step: 'alert', durationMs: 0, detail: tell ? decision.reason : 'told already a short while ago' },
    ],
  });
  return {
    status: 'alerted',
    verdict: giveUp(decision.reason),
    reason: decision.reason,
    advice: playbook?.actionParams.advice ?? {},
    output: null,
    tell,
  };
}

async function isNews(run: HealRun): Promise<boolean> {
  const id = `told/${run.classified.classification.fingerprint}`;
  return thinking.claimOnce({ id, forMin: toldOnceMin, holder: workflowInfo().runId });
}
