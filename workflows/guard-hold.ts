import { condition, setHandler } from '@temporalio/workflow';
import { isEndless } from './incoming.ts';
import { liftSignal } from './messages.ts';

/**
 * A hold of the guard (a lease, a cooldown, a budget's slot, a pause): the workflow's id *is* the hold. A hold
 * with an end is started with a delay of its length, so when this code runs, its time is over. One without an end
 * waits to be lifted.
 */
export async function GuardHoldWorkflow(hold: { endless: boolean }): Promise<void> {
  // One that can't be read is none: it ends, where it would block for ever.
  let lifted = !isEndless(hold);
  setHandler(liftSignal, () => {
    lifted = true;
  });
  await condition(() => lifted);
}
