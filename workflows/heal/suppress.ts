import { workflowInfo } from '@temporalio/workflow';
import type { Pause } from '../../domain/guard/guard.ts';
import { giveUp, retryAt } from '../../domain/incident/verdict.ts';
import { thinking } from '../proxies.ts';
import type { Outcome } from './run.ts';

/** A pause without an end is told again after this long. */
const endlessPauseToldMin = 24 * 60;

/** Rule 2: recorded, and told once per pause. */
export async function suppress(pause: Pause, reason: string): Promise<Outcome> {
  const verdict = pause.until === null ? giveUp(reason) : retryAt(pause.until, reason);
  const leftMin =
    pause.until === null ? endlessPauseToldMin : (Date.parse(pause.until) - Date.now()) / 60_000;
  const id = `told/${pause.holdId}/${pause.runId}`;
  const tell = await thinking.claimOnce({ id, forMin: Math.max(1, leftMin), holder: workflowInfo().runId });
  return { status: 'suppressed', verdict, reason, advice: {}, output: null, tell };
}
