import { condition, setHandler } from '@temporalio/workflow';
import { liftSignal } from './messages.ts';

/**
 * A hold of the guard (a lease, a cooldown, a budget's slot, a pause): the workflow's id *is* the hold. A hold
 * with an end is started with a delay of its length, so when this code runs, its time is over. One without an end
 * waits to be lifted.
 */
export async function GuardHoldWorkflow({ endless }: { endless: boolean }): Promise<void> {
  let lifted = !endless;
  setHandler(liftSignal, () => {
    lifted = true;
  });
  await condition(() => lifted);
}
