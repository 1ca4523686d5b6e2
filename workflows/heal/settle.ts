import { condition } from '@temporalio/workflow';
import { composeInsight } from '../../domain/incident/insight.ts';
import { redactShort } from '../../domain/redact/redact.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import { releasing } from '../proxies.ts';
import { asNewRun } from './carried-incident.ts';
import { handOver } from './hand-over.ts';
import { healResult } from './heal-result.ts';
import { counting, type Inbox } from './inbox.ts';
import type { HealRun, Outcome } from './run.ts';
import { tellListener } from './tell-listeners.ts';

/** While duplicates still come in, a settled incident stays open until it is quiet for this long, so that one storm is one incident. */
const quietMs = 1000;
const lingerAtMostMs = 10_000;

/**
 * The end of an incident: the verdict goes out at once; its records and messages are owed; holds are given back;
 * the run lasts until nothing is owed. A later failure meanwhile doesn't wait for that: this run continues as a
 * new incident, which takes the debt with it.
 */
export async function settle(run: HealRun, found: Outcome, inbox: Inbox): Promise<HealResult> {
  const verdict = { ...found.verdict, reason: redactShort(found.verdict.reason) };
  const outcome: Outcome = { ...found, verdict, reason: redactShort(found.reason) };
  run.outcome = outcome;
  run.settledAtMs = Date.now();
  run.approval = null;
  run.approvalBefore = null;
  run.note(`${outcome.status}: ${outcome.reason}`);
  run.become(outcome.status, 'the records and messages it owes');
  oweLastWords(run, outcome);
  const released = releaseHolds(run);
  const listeners = run.listeners.splice(0);
  await Promise.all(listeners.map((listener) => tellListener(listener, healResult(run, outcome.verdict))));
  await released;
  await linger(run, inbox);
  for (;;) {
    await condition(
      () => run.owed.nothing || run.countChanged || inbox.later.length > 0 || run.listeners.length > 0,
    );
    // Whatever was counted after the last write is owed, too.
    if (run.countChanged) run.owe();
    const late = run.listeners.splice(0);
    await Promise.all(late.map((listener) => tellListener(listener, healResult(run, outcome.verdict))));
    if (inbox.later.length > 0) await continueWithLater(run, inbox);
    // Also while those were told, reports were counted.
    if (run.owed.nothing && !run.countChanged && run.listeners.length === 0) {
      run.close();
      return healResult(run, outcome.verdict);
    }
  }
}

function oweLastWords(run: HealRun, outcome: Outcome): void {
  const { report, classification } = run.classified;
  if (outcome.status !== 'suppressed') {
    run.owed.insight(
      composeInsight({
        incidentId: run.incidentId,
        report,
        classification,
        playbook: run.playbook?.name ?? null,
        actionType: run.actionType,
        tried: run.tried,
        status: outcome.status,
        reason: outcome.reason,
        attempts: run.attempts,
        acted: run.fired,
        durationMs: Date.now() - run.startedAtMs,
      }),
    );
  }
  if (!outcome.tell) return;
  const { status, reason, advice, output } = outcome;
  const kind = status === 'suppressed' ? 'paused' : status;
  run.owed.notice(
    run.notice(kind, { reason, output, ...(Object.keys(advice).length > 0 ? { advice } : {}) }),
  );
}

/**
 * A lease is always given back; what counts restarts stays, unless nothing was done to the target. A playbook that
 * found the container well didn't fire, so it does not cool down either.
 */
async function releaseHolds(run: HealRun): Promise<void> {
  const status = run.outcome?.status;
  const adopted = status === 'resolved' && run.actionType === 'DOCKER_RESTART';
  const counts = run.fired || !(adopted || status === 'suppressed');
  const holds = run.holds.filter(
    ({ kind }) => kind === 'lease' || (kind === 'cooldown' ? !counts : !run.fired),
  );
  if (holds.length > 0) await releasing.releaseHolds({ holds, reason: `incident ${run.incidentId} ended` });
  run.holds = [];
}

async function linger(run: HealRun, inbox: Inbox): Promise<void> {
  const until = Date.now() + lingerAtMostMs;
  run.lingers = true;
  let count = 1;
  while (run.occurrences.count > count && inbox.later.length === 0 && Date.now() < until) {
    count = run.occurrences.count;
    const more = () => run.occurrences.count > count || inbox.later.length > 0;
    if (!(await condition(more, quietMs, { summary: 'duplicates still come in' }))) break;
    // A storm is counted in steps of a second: one timer for many signals.
    await condition(() => inbox.later.length > 0, quietMs);
  }
  run.lingers = false;
}

async function continueWithLater(run: HealRun, inbox: Inbox): Promise<never> {
  const debt = await handOver(run);
  const [next, ...rest] = inbox.later;
  if (next === undefined) throw new Error('there is nothing to continue with');
  return asNewRun('')(next.report, {
    debt,
    listeners: [next.listener, ...run.listeners].filter((listener) => listener !== undefined),
    later: rest.map(counting),
  });
}
