import { ActivityFailure, CancelledFailure } from '@temporalio/workflow';
import type { RemoteAction, RemoteOutcome } from '../../../activities/execute-ssh.ts';
import type { Sight } from '../../../activities/look-at-container.ts';
import type { Place } from '../../../domain/incident/decide.ts';
import { acting, looking } from '../../proxies.ts';

/** Runs something on a host, once: what became of it where the worker was lost, or too slow, is unknown. */
export async function runRemote(
  action: RemoteAction,
  options: { summary: string; startToCloseTimeout?: number },
): Promise<RemoteOutcome> {
  const begunMs = Date.now();
  try {
    return await acting.executeSsh.executeWithOptions(options, [action]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || error.cause instanceof CancelledFailure) throw error;
    const reason = `the worker was lost or too slow (${error.cause?.message ?? error.message})`;
    return { kind: 'unknown', command: '', reason, durationMs: Date.now() - begunMs };
  }
}

/** What came of it, for a heal log: what was printed, and what went wrong. */
export const reportOf = (outcome: RemoteOutcome | null) => ({
  output: outcome?.kind === 'done' || outcome?.kind === 'failed' ? outcome.output : null,
  error: outcome !== null && 'reason' in outcome ? outcome.reason : null,
});

/** What is there now, by a look on the host. */
export function lookAtPlace({ host, container }: Place): Promise<Sight> {
  const summary = `look at ${container ?? 'the container'} on ${host ?? 'its host'}`;
  const input = { host: host ?? '', container: container ?? '' };
  return looking.lookAtContainer.executeWithOptions({ summary }, [input]);
}
