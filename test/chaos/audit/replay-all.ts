import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../../../workers/workflow-bundle.ts';
import { cacheDir } from '../../support/cache-dir.ts';
import type { Found } from './evidence.ts';

/**
 * Every heal that has lived through the faults replays: a worker that has to take one over, at any moment, comes to
 * the same commands as the worker before.
 */
export async function replayAll(client: Client): Promise<Found<'replayFailures'>> {
  const findings: string[] = [];
  const histories = client.workflow.list({ query: `WorkflowType = 'HealWorkflow'` }).intoHistories();
  const bundle = await workflowBundle(cacheDir);
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: bundle },
    histories,
  )) {
    if (error !== undefined) findings.push(`${workflowId} does not replay: ${error.message.slice(0, 500)}`);
  }
  return { counts: { replayFailures: findings.length }, findings };
}
