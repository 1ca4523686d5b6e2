import { ApplicationFailure, condition, defineSignal, setHandler, sleep } from '@temporalio/workflow';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import { readSpanMs } from './incoming.ts';

/** The holder lives, and its task still runs. */
export const renewRetrySignal = defineSignal('renew');

/** The holder's task has ended. */
export const doneRetrySignal = defineSignal('done');

export interface RetryLeaseInput {
  /** Not heard of for so long, in ms, the holder counts as gone. */
  silenceMs: number;
  /** How long it stays taken after the task has ended, in ms: others of the same recovery ask a little later. */
  lingerMs: number;
}

/**
 * The right to run a failed task again after a recovery: the workflow's id is the right, and the server starts one
 * workflow per id. It ends as completed when its holder's task has ended, and as failed when its holder was not heard
 * of, so that another may take its place.
 */
export async function RetryLeaseWorkflow(input: RetryLeaseInput): Promise<void> {
  const silenceMs = readSpanMs(input, 'silenceMs');
  const lingerMs = readSpanMs(input, 'lingerMs');
  if (silenceMs === null || lingerMs === null)
    throw ApplicationFailure.nonRetryable('its input names no times', failureTypes.holderLost);
  let renewals = 0;
  let isDone = false;
  setHandler(renewRetrySignal, () => {
    renewals += 1;
  });
  setHandler(doneRetrySignal, () => {
    isDone = true;
  });
  while (!isDone) {
    const seen = renewals;
    const heard = await condition(() => isDone || renewals > seen, silenceMs);
    if (!heard)
      throw ApplicationFailure.nonRetryable(
        `its holder was not heard of for ${Math.round(silenceMs / 1000)} s`,
        failureTypes.holderLost,
      );
  }
  await sleep(lingerMs);
}
