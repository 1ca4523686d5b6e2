import { getClient } from '@temporalio/activity';
import type { Hold } from '../domain/guard/guard.ts';
import { giveBack } from './guard/take-hold.ts';

/** Gives holds back, each by the run that took it, so that nobody else's is touched. Safe to repeat. */
export async function releaseHolds({ holds, reason }: { holds: Hold[]; reason: string }): Promise<void> {
  await Promise.all(holds.map((hold) => giveBack(getClient(), hold, reason)));
}
