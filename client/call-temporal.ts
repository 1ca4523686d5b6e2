import type { Client } from '@temporalio/client';
import { deliveryProblem } from './delivery-problem.ts';

/**
 * Asks Temporal with a deadline, and says in words for people when it does not answer.
 * @throws DeliveryProblem
 */
export async function callTemporal<T>(client: Client, timeoutMs = 5000, ask: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + timeoutMs, ask);
  } catch (error) {
    throw deliveryProblem(error);
  }
}
