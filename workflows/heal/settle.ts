import { condition } from '@temporalio/workflow';
import { isAboutContainer } from '../../domain/container/about.ts';
import { hasUnwrittenCount } from '../../domain/incident/counting.ts';
import { countOf } from '../../domain/incident/debt.ts';
import type { Outcome } from '../../domain/incident/outcome.ts';
import { holding, lastWordsOwed, settled } from '../../domain/incident/transitions.ts';
import { holdsToRelease, resultOf } from '../../domain/incident/views.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import { releasing } from '../proxies.ts';
import { continueWithLater } from './continue-as-new.ts';
import type { Incident } from './incident.ts';
import type { Intake } from './intake.ts';
import { countEnd } from './measure.ts';
import { tellListeners } from './waiters.ts';

/** While duplicates still come in, a settled incident stays open until it is quiet for this long, so that one storm is one incident. */
const quietMs = 1000;
const lingerAtMostMs = 10_000;

/**
 * The end of an incident: the verdict goes out at once; its records and messages are owed; holds are given back;
 * the run lasts until nothing is owed. A later failure meanwhile doesn't wait for that: this run continues as a
 * new incident, which takes the debt with it.
 */
export async function settle(incident: Incident, found: Outcome, intake: Intake): Promise<HealResult> {
  incident.apply((now) => settled(now, found, Date.now()));
  countEnd(incident.state, found.status, Date.now());
  incident.become(found.status, 'the records and messages it owes');
  incident.apply(lastWordsOwed);
  const released = releaseHolds(incident);
  await tellListeners(incident);
  await released;
  await planLook(incident);
  await linger(incident, intake);
  const isClear = () => {
    const { debt, listeners } = incident.state;
    return countOf(debt) === 0 && !hasUnwrittenCount(incident.state) && listeners.length === 0;
  };
  for (;;) {
    await condition(
      () =>
        countOf(incident.state.debt) === 0 ||
        hasUnwrittenCount(incident.state) ||
        intake.later.length > 0 ||
        incident.state.listeners.length > 0,
    );
    // Whatever was counted after the last write is owed, too.
    if (hasUnwrittenCount(incident.state)) incident.write();
    await tellListeners(incident);
    if (intake.later.length > 0) await continueWithLater(incident, intake.later);
    // Also while those were told, reports were counted.
    if (!isClear()) continue;
    incident.apply((now) => ({ ...now, waitingFor: null, until: null }));
    return resultOf(incident.state, incident.state.outcome?.verdict ?? found.verdict, Date.now());
  }
}

async function releaseHolds(incident: Incident): Promise<void> {
  const holds = holdsToRelease(incident.state);
  const reason = `incident ${incident.state.incidentId} ended`;
  if (holds.length > 0) await releasing.releaseHolds({ holds, reason });
  incident.apply((now) => holding(now, []));
}

/** After its verdict: a look later, where the outcome asks for one, or a restart may yet turn out to have helped little. */
async function planLook({ state }: Incident): Promise<void> {
  const { outcome, classified, incidentId, playbook, actionType } = state;
  const recheckMin = playbook?.actionParams.recheckMin ?? 0;
  const isHealed = outcome?.status === 'resolved' && actionType === 'DOCKER_RESTART' && recheckMin > 0;
  const recheckAt = new Date(Date.now() + recheckMin * 60_000).toISOString();
  const again = outcome?.lookAgain ?? (isHealed ? { why: 'recheck' as const, at: recheckAt } : null);
  if (again === null) return;
  const { classification, place, report } = classified;
  const isOfContainer = actionType === 'DOCKER_RESTART' || isAboutContainer(classification.errorType);
  const look = {
    why: again.why,
    // The cause of any other failure is not to be seen in its target: it is decided anew.
    place: isOfContainer ? place : { ...place, container: null },
    fingerprint: classification.fingerprint,
    report,
    incidentId,
    playbook: playbook?.name ?? null,
  };
  const summary = `a look later (${again.why})`;
  await releasing.planLook.executeWithOptions({ summary }, [{ look, at: again.at }]);
}

async function linger(incident: Incident, { later }: Intake): Promise<void> {
  const until = Date.now() + lingerAtMostMs;
  const occurrences = () => incident.state.counted.count;
  incident.apply((now) => ({ ...now, lingers: true }));
  for (let count = 1; occurrences() > count && later.length === 0 && Date.now() < until;) {
    count = occurrences();
    const more = () => occurrences() > count || later.length > 0;
    if (!(await condition(more, quietMs, { summary: 'duplicates still come in' }))) break;
    // A storm is counted in steps of a second: one timer for many signals.
    await condition(() => later.length > 0, quietMs);
  }
  incident.apply((now) => ({ ...now, lingers: false }));
}
