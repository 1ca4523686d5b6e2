import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { deliverReport, type DeliveryContext } from '../../../client/delivery/deliver-report.ts';
import type { Case, Sending } from './case.ts';

/** A report that was handed over: Temporal has said that it has it. */
export interface AcceptedReport {
  case: string;
  reportId: string;
  acceptedAtMs: number;
  /** How often it was sent until then: a lost answer may hide an arrival. */
  tries: number;
}

export type SenderContext = Omit<DeliveryContext, 'timeoutMs'>;

/** Sends one report as often as it takes, as a spool does, under the same id. */
export async function sendUntilAccepted(
  context: SenderContext,
  { name, report }: Case,
  { reportId, way }: Sending,
): Promise<AcceptedReport> {
  const numbered = { ...report, reportId };
  for (let tries = 1; ; tries++) {
    try {
      if (way === 'client') await deliverReport({ ...context, report: numbered });
      else await startForeign(context, numbered, reportId);
      return { case: name, reportId, acceptedAtMs: Date.now(), tries };
    } catch {
      await sleep(Math.min(1000, 100 * 2 ** tries));
    }
  }
}

async function startForeign(
  { client, taskQueue }: { client: Client; taskQueue: string },
  report: object,
  reportId: string,
): Promise<void> {
  try {
    await client.withDeadline(Date.now() + 5000, () =>
      client.workflow.start('HealWorkflow', {
        workflowId: `foreign/${reportId}`,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        taskQueue,
        args: [report],
      }),
    );
  } catch (error) {
    // An earlier try, whose answer was lost, has arrived.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
