import type { Decision } from '../../../domain/incident/decide.ts';
import { alerted, type Outcome } from '../../../domain/incident/outcome.ts';
import { attemptBegun } from '../../../domain/incident/transitions.ts';
import { toldIds } from '../../../domain/workflow-ids.ts';
import { thinking } from '../../proxies.ts';
import { passGuard } from '../guard.ts';
import type { Incident } from '../incident.ts';

/** A failure without a playbook is told once in this time, however often it comes back. */
const toldOnceMin = 10;

/** Rules 4 and 10: a person is told, and acts. */
export async function alert(
  incident: Incident,
  { playbook, rule, reason, why }: Extract<Decision, { kind: 'alert' }>,
): Promise<Outcome> {
  if (playbook !== null && rule !== 4) {
    const { stopped } = await passGuard(incident, playbook, incident.state.classified.place);
    if (stopped !== null) return stopped;
  }
  const tell = rule !== 4 || (await isNews(incident));
  incident.apply((now) => attemptBegun(now, 1));
  const detail = tell ? reason : 'told already a short while ago';
  incident.log({
    attempt: 1,
    actionType: 'ALERT_ONLY',
    result: tell ? 'success' : 'skipped',
    startedAtMs: Date.now(),
    steps: [{ step: 'alert', durationMs: 0, detail }],
  });
  return alerted(why, { tell });
}

function isNews({ state }: Incident): Promise<boolean> {
  const id = toldIds.failure(state.classified.classification.fingerprint);
  return thinking.claimOnce({ id, forMin: toldOnceMin, holder: state.runId });
}
