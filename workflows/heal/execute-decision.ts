import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type { Decision, Facts } from '../../domain/incident/decide.ts';
import { relapseIn, type Relapse } from '../../domain/incident/later-look.ts';
import { escalated, refused, suppressed, type Outcome } from '../../domain/incident/outcome.ts';
import { decided, downgraded, matched, notDone } from '../../domain/incident/transitions.ts';
import { because } from '../../domain/message/reasons.ts';
import { thinking } from '../proxies.ts';
import { alert } from './actions/alert.ts';
import { fixCode } from './actions/code-fix.ts';
import { diagnose } from './actions/diagnose.ts';
import { restart } from './actions/restart.ts';
import { goOnWaiting, waitForCause } from './actions/wait.ts';
import { lookAtPlace } from './actions/run-remote.ts';
import { decideUnpaused, suppress } from './guard.ts';
import type { Incident } from './incident.ts';
import { countRefused } from './measure.ts';

/** Finds the outcome. A person who cancels the run in the Temporal UI stops the healing, not the record of it. */
export async function heal(incident: Incident): Promise<Outcome> {
  try {
    const { wait, classified } = incident.state;
    if (wait !== null) return await goOnWaiting(incident, wait);
    const { classification, place, report } = classified;
    const summary = `playbook for ${classification.errorType}`;
    const found = await thinking.matchPlaybook.executeWithOptions({ summary }, [
      { report, classification, place },
    ]);
    incident.apply((now) => matched(now, found));
    const relapse = relapseIn(report);
    const facts = relapse === null ? found.facts : withoutPlaybook(found.facts, relapse.playbook);
    if (relapse !== null && facts.candidates.length === 0 && found.pauses.length === 0)
      return await relapseForPeople(incident, relapse);
    const decision = await decideUnpaused(facts, place, found.pauses);
    incident.apply((now) => decided(now, decision));
    return await execute(incident, decision);
  } catch (error) {
    if (!isCancellation(error)) return failedStep(error);
    return suppressed(because('cancelled', {}), null, false);
  }
}

/** What has healed it and did not last is not tried again at once. */
const withoutPlaybook = (facts: Omit<Facts, 'pauses'>, name: string): Omit<Facts, 'pauses'> => ({
  ...facts,
  candidates: facts.candidates.filter(({ playbook }) => playbook.name !== name),
});

/** No other playbook is left for a relapse: a person's. */
async function relapseForPeople(incident: Incident, relapse: Relapse): Promise<Outcome> {
  const { place } = incident.state.classified;
  const seen = await lookAtPlace(place);
  const how = seen.kind === 'found' ? seen.judgement.why : seen.reason;
  const reason = `a relapse of incident ${relapse.incidentId}: ${relapse.playbook} had healed it, and it is down again (${how}); there is no other playbook to try`;
  incident.apply((now) => notDone(now, 'skipped', reason, Date.now()));
  return { ...escalated(reason), relapse: true };
}

/**
 * A look that could not be taken, however often it was tried, must not end the run without a word.
 * @throws what is no failed activity: a mistake in this code, which Temporal retries until it is mended
 */
function failedStep(error: unknown): Outcome {
  if (!(error instanceof ActivityFailure)) throw error;
  return escalated(
    because('step_failed', { step: error.activityType, error: error.cause?.message ?? error.message }),
    { advice: adviceAfterFailedStep },
  );
}

const adviceAfterFailedStep = {
  en: 'Look at the worker and its way to the host, then at the target itself.',
  'zh-TW': '請先檢查 worker 及其通往主機的連線，再檢查目標本身。',
};

/** Does what was decided, and says how it ended. */
async function execute(incident: Incident, decision: Decision): Promise<Outcome> {
  if (decision.kind === 'refuse') {
    const { reason, wayForward } = decision;
    countRefused(decision.policyRule ?? 'policy');
    incident.apply((now) => notDone(now, 'refused', `${reason} ${wayForward}`, Date.now()));
    return refused(reason, wayForward);
  }
  const refusal = 'refused' in decision ? decision.refused : null;
  if (refusal !== null) {
    countRefused(refusal.rule);
    incident.apply((now) => downgraded(now, refusal, Date.now()));
  }
  const outcome = await act(incident, decision);
  // An incident in which nothing was tried says so in its heal log: stopped by the guard, or by a person.
  if (outcome.status === 'suppressed' || incident.state.tried.length === 0)
    incident.apply((now) => notDone(now, 'skipped', outcome.reason, Date.now()));
  return outcome;
}

function act(incident: Incident, decision: Exclude<Decision, { kind: 'refuse' }>): Promise<Outcome> {
  switch (decision.kind) {
    case 'suppress':
      return suppress(incident, decision.pause, 'paused');
    case 'alert':
      return alert(incident, decision);
    case 'wait':
      return waitForCause(incident, decision);
    case 'restart':
      return restart(incident, decision);
    case 'diagnose':
      return diagnose(incident, decision);
    case 'code_fix':
      return fixCode(incident, decision);
  }
}
