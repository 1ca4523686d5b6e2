import {
  condition,
  continueAsNew,
  defineSignal,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { embedding } from './proxies.ts';

/** There is something new to vectorise: don't wait for the next look. */
export const wakeSignal = defineSignal('wake');

/** Rows of one call: what a slow model does well inside the activity's time-out. */
const batch = 32;
const restMs = 30_000;
/** Keeps one run's history short; the next run goes on. */
const roundsPerRun = 200;

/**
 * Drains embedding_retry_queue for ever (ADR-013 A12), under the fixed id `embedding`. It never fails: the activity
 * is retried while the database is away, and a row that can't be vectorised is due again later.
 */
export async function EmbeddingWorkflow(): Promise<void> {
  let woken = false;
  setHandler(wakeSignal, () => {
    woken = true;
  });
  for (let round = 0; round < roundsPerRun && !workflowInfo().continueAsNewSuggested; round += 1) {
    woken = false;
    const drained = await embedding.drainEmbeddings({ limit: batch });
    const { embedded, failed, due, waiting, setAside, problem } = drained;
    const trouble = problem === null ? '' : `\n\nLast trouble: ${problem.replaceAll('`', "'").slice(0, 500)}`;
    setCurrentDetails(
      `Last round: ${embedded} vectorised, ${failed} failed; ${waiting} row(s) wait, ${setAside} set aside.${trouble}`,
    );
    // Rows that only fail are due later, by the queue's own backoff.
    if (due > 0 && embedded > 0) continue;
    await condition(() => woken, restMs, { summary: 'until there may be something new' });
  }
  return continueAsNew<typeof EmbeddingWorkflow>();
}
