import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { onCallWorkflowId } from '../../domain/workflow-ids.ts';
import { pendingQuery } from '../../workflows/on-call/messages.ts';

/** Waits until nothing is left to tell anybody. @throws Error after `withinMs` */
export async function peopleTold({ client }: { client: Client }, withinMs = 30_000): Promise<void> {
  const handle = client.workflow.getHandle(onCallWorkflowId);
  for (const until = Date.now() + withinMs; ; await sleep(50)) {
    try {
      if ((await handle.query(pendingQuery)).messages === 0) return;
    } catch (error) {
      // Nobody was ever told anything.
      if (error instanceof WorkflowNotFoundError) return;
    }
    if (Date.now() > until) throw new Error(`people are still not told after ${withinMs} ms`);
  }
}
