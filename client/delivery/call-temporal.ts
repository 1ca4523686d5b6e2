import type { Client } from '@temporalio/client';
import { deliveryProblem } from './delivery-problem.ts';

/**
 * Asks Temporal with a deadline, and says in words for people when it does not answer.
 * @throws DeliveryProblem
 */
export async function callTemporal<T>(
  client: Client,
  ask: () => Promise<T>,
  deadlineMs = Date.now() + 5000,
): Promise<T> {
  try {
    return await client.withDeadline(deadlineMs, ask);
  } catch (error) {
    throw deliveryProblem(error);
  }
}
