import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { HealResult } from '../../domain/incident/verdict.ts';
import { verdictSignal, type Listener } from '../messages.ts';

/** @returns false where the listener is gone: it ended, or was ended, meanwhile */
export async function tellListener(listener: Listener, result: HealResult): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(listener.workflowId).signal(verdictSignal, result);
    return true;
  } catch {
    return false;
  }
}
