import { sleep } from '@temporalio/activity';
import { judgeStability } from '../domain/stability.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { lookAt, type LookDeps } from './look-at-container.ts';

export interface VerifyInput {
  host: string;
  containerId: string;
  stableForSec: number;
  /** How long it may take to become well and stay so. */
  timeoutSec: number;
  /** How it was when it was last seen well, where it was: from then on nothing may change. */
  seenWell: { startedAt: string; restartCount: number } | null;
}

export type Verified = { ok: boolean; reason: string; durationMs: number };

/** Between two looks: short for a short watch, so that a second's stability costs about a second. */
const lookEveryMs = (stableForSec: number): number => Math.min(2000, Math.max(200, stableForSec * 250));

/**
 * Watches a container until it has stayed well for `stableForSec` (loop.md, Verification). Read-only: safe to
 * repeat after a worker's death, when the watch starts anew.
 */
export function createVerify(deps: LookDeps) {
  return (input: VerifyInput): Promise<Verified> => whileHeartbeating(() => watch(deps, input));
}

async function watch(
  deps: LookDeps,
  { host, containerId, stableForSec, timeoutSec, seenWell }: VerifyInput,
): Promise<Verified> {
  const begunMs = Date.now();
  let first: { startedAt: string; restartCount: number; atMs: number } | null =
    seenWell === null ? null : { ...seenWell, atMs: begunMs };
  let last = 'not seen yet';
  while (Date.now() - begunMs < timeoutSec * 1000) {
    const seen = await lookAt(deps, { host, container: containerId });
    if (seen.kind === 'found') {
      const { container } = seen;
      const well = container.running && (container.health === 'healthy' || container.health === 'none');
      if (first === null && well) {
        first = { startedAt: container.startedAt, restartCount: container.restartCount, atMs: Date.now() };
      }
      const judged = judgeStability(container, first, Date.now(), stableForSec);
      if (judged.kind !== 'not_yet') {
        return { ok: judged.kind === 'stable', reason: judged.reason, durationMs: Date.now() - begunMs };
      }
      last = judged.reason;
    } else {
      last = seen.reason;
      if (seen.kind !== 'unreachable') return { ok: false, reason: last, durationMs: Date.now() - begunMs };
    }
    await sleep(lookEveryMs(stableForSec));
  }
  return { ok: false, reason: `not well after ${timeoutSec} s: ${last}`, durationMs: Date.now() - begunMs };
}
