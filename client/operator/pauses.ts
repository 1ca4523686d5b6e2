import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { type PauseScope } from '../../domain/guard/guard.ts';
import { holdMemoSchema, holdStartOptions, type HoldMemo } from '../../domain/guard/hold.ts';
import { callTemporal } from '../delivery/call-temporal.ts';
import { liftHold } from './holds.ts';
import { holdIds, workflowTypes } from '../../domain/workflow-ids.ts';

export interface PauseRequest {
  scope: PauseScope;
  owner: string;
  reason: string;
  /** Null: until it is lifted. */
  until: Date | null;
}

export type Paused =
  | { paused: true; holdId: string; until: string | null }
  | { paused: false; holdId: string; by: HoldMemo | null };

/**
 * Pauses healing for a target, a host or the whole estate: a hold that the Temporal UI shows, and that ends by itself.
 * @returns `paused: false` with the pause that lies there already
 * @throws DeliveryProblem
 */
export async function pause(
  client: Client,
  taskQueue: string,
  { scope, owner, reason, until }: PauseRequest,
): Promise<Paused> {
  const id = holdIds.pause(scope);
  const untilIso = until?.toISOString() ?? null;
  const start = holdStartOptions({
    id,
    taskQueue,
    forMs: until === null ? null : until.getTime() - Date.now(),
    memo: { owner, reason, until: untilIso, holderWorkflowId: null, holderRunId: null },
    summary:
      `${describeScope(scope)} paused by ${owner} ${untilIso === null ? 'until it is lifted' : `until ${untilIso}`}: ${reason}`.slice(
        0,
        200,
      ),
  });
  return callTemporal(client, async () => {
    try {
      await client.workflow.start(workflowTypes.hold, start);
      return { paused: true, holdId: id, until: untilIso };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const { memo } = await client.workflow.getHandle(id).describe();
      return {
        paused: false,
        holdId: id,
        by: holdMemoSchema
          .nullable()
          .catch(null)
          .parse(memo ?? null),
      };
    }
  });
}

/**
 * Lifts a pause.
 * @returns false where there was none
 * @throws DeliveryProblem
 */
export const resume = (
  client: Client,
  scope: PauseScope,
  lifted: { by: string; reason: string },
): Promise<boolean> => liftHold(client, holdIds.pause(scope), lifted);

/** For people: `target momo-web`. */
export const describeScope = ({ kind, name }: PauseScope): string =>
  kind === 'estate' ? 'the estate' : `${kind} ${name}`;
