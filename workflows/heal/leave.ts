import { workflowInfo } from '@temporalio/workflow';
import { adviceWhenLeft, episodeOf } from '../../domain/container/left-alone.ts';
import { giveUp } from '../../domain/incident/verdict.ts';
import { releasing, thinking } from '../proxies.ts';
import type { Left } from './attempt-restart.ts';
import type { HealRun, Outcome } from './run.ts';

/** How long a container may stand like this before it is told again. */
const toldAgainMin = 24 * 60;

/**
 * What has finished, or is held by a person, or can't be judged, is left alone: people are told once of each time
 * that it stands so. Nothing was done, so nothing cools down.
 */
export async function leave(run: HealRun, { is, reason, container }: Left): Promise<Outcome> {
  run.actionType = 'ALERT_ONLY';
  const holds = run.holds.splice(0);
  if (holds.length > 0) await releasing.releaseHolds({ holds, reason: `left alone: ${reason}` });
  const id = `told/${episodeOf(container)}`;
  const tell = await thinking.claimOnce({ id, forMin: toldAgainMin, holder: workflowInfo().runId });
  return {
    status: 'alerted',
    verdict: giveUp(reason),
    reason,
    advice: adviceWhenLeft[is],
    output: null,
    tell,
  };
}
