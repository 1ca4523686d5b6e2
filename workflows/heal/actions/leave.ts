import { adviceWhenLeft, episodeOf } from '../../../domain/container/left-alone.ts';
import { alerted, type Outcome } from '../../../domain/incident/outcome.ts';
import { holding } from '../../../domain/incident/transitions.ts';
import { toldIds } from '../../../domain/workflow-ids.ts';
import { releasing, thinking } from '../../proxies.ts';
import type { Incident } from '../incident.ts';
import type { Left } from './restart-attempt.ts';

/** How long a container may stand like this before it is told again. */
const toldAgainMin = 24 * 60;

/**
 * What has finished, or is held by a person, or can't be judged, is left alone: people are told once of each time
 * that it stands so. Nothing was done, so nothing cools down.
 */
export async function leave(incident: Incident, { is, reason, container }: Left): Promise<Outcome> {
  const { holds, runId } = incident.state;
  incident.apply((now) => holding({ ...now, actionType: 'ALERT_ONLY' }, []));
  if (holds.length > 0) await releasing.releaseHolds({ holds: [...holds], reason: `left alone: ${reason}` });
  const id = toldIds.episode(episodeOf(container));
  const tell = await thinking.claimOnce({ id, forMin: toldAgainMin, holder: runId });
  return alerted(reason, { advice: adviceWhenLeft[is], tell });
}
