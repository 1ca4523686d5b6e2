import { sleep } from '@temporalio/activity';
import type { Container } from '../domain/container/container.ts';
import type { Condition } from '../domain/container/judge.ts';
import { waitForEngineSec } from '../domain/container/engine-trouble.ts';
import { startWindowSec } from '../domain/container/start-window.ts';
import { watchLengthSec } from '../domain/container/watch-length.ts';
import { judgeStability, type Baseline } from '../domain/container/stability.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { lookAt, type LookDeps } from './look-at-container.ts';

export interface VerifyInput {
  host: string;
  containerId: string;
  /** By which it is looked for again where another container has taken its place. */
  name: string;
  stableForSec: number;
  /** How long it may take to become well, where its own health check doesn't ask for more. */
  timeoutSec: number;
  /** How it was before: what its runs so far tell of how long it has to stay well. */
  before: Container;
  /** `before` is what the act changes: until its StartedAt has moved, nothing is known of the new start. */
  acted: boolean;
}

/** `is`: what it is instead of well; null where the host could not be asked. */
export type Verified =
  | { ok: true; reason: string; durationMs: number }
  | { ok: false; is: Condition | null; reason: string; durationMs: number };

/** Between two looks: short for a short watch, so that a second's stability costs about a second. */
const lookEveryMs = (stableForSec: number): number => Math.min(2000, Math.max(200, stableForSec * 250));

/** A watch ends before its activity's time-out, however long a start period an image asks for. */
const longestSec = 3600;
/** An engine that restarts is back within minutes. */
const longestBlindMs = waitForEngineSec.away * 1000;

/**
 * Watches a container until it has stayed well for `stableForSec` (loop.md, Verification), or longer where its runs
 * so far ask for it. Read-only: safe to repeat after a worker's death, when the watch starts anew.
 */
export function createVerify(deps: LookDeps) {
  return (input: VerifyInput): Promise<Verified> => whileHeartbeating(() => watch(deps, input));
}

async function watch(deps: LookDeps, input: VerifyInput): Promise<Verified> {
  const { host, name, stableForSec, timeoutSec, before, acted } = input;
  const begunMs = Date.now();
  const durationMs = (): number => Date.now() - begunMs;
  let watched = input.containerId;
  let blindMs = 0;
  const known = [before];
  let neededSec = watchLengthSec(stableForSec, known);
  let startSec = Math.max(timeoutSec, startWindowSec(before));
  let baseline: Baseline | null = acted ? null : before;
  let wellSinceMs: number | null = null;
  let last: { is: Condition | null; reason: string } = { is: null, reason: 'not seen yet' };
  while (durationMs() - blindMs < 1000 * Math.min(longestSec, startSec + neededSec)) {
    const lookedMs = Date.now();
    let seen = await lookAt(deps, { host, container: watched });
    if (seen.kind === 'refused' && seen.rule === 'unknown') {
      // A deployment may have put another into its place: that one is watched, from its own beginning.
      const now = await lookAt(deps, { host, container: name });
      if (now.kind === 'found') {
        watched = now.container.id;
        baseline = null;
        wellSinceMs = null;
      }
      seen = now.kind === 'refused' ? seen : now;
    }
    if (seen.kind === 'found') {
      const { container, judgement } = seen;
      if (baseline === null && container.startedAt !== before.startedAt) {
        baseline = afterAct(before, container);
        known.push(container);
        neededSec = watchLengthSec(stableForSec, known);
        startSec = Math.max(startSec, startWindowSec(container));
      }
      if (judgement.is === 'well' && baseline !== null) wellSinceMs ??= Date.now();
      const wellForSec = wellSinceMs === null ? null : (Date.now() - wellSinceMs) / 1000;
      const judged =
        baseline === null
          ? { kind: 'not_yet' as const, reason: `it still runs since ${container.startedAt}` }
          : judgeStability(container, judgement, baseline, wellForSec, neededSec);
      if (judged.kind === 'stable') return { ok: true, reason: judged.reason, durationMs: durationMs() };
      last = { is: judged.kind === 'broken' ? judged.is : judgement.is, reason: judged.reason };
      if (judged.kind === 'broken') return { ok: false, ...last, durationMs: durationMs() };
    } else {
      last = { is: null, reason: seen.reason };
      if (seen.kind !== 'unreachable') return { ok: false, ...last, durationMs: durationMs() };
    }
    await sleep(lookEveryMs(stableForSec));
    // While nobody can see it, its time to become well stands still.
    if (seen.kind === 'unreachable') blindMs = Math.min(longestBlindMs, blindMs + Date.now() - lookedMs);
  }
  if (last.is === null) {
    const reason = `how it stands is not known: ${last.reason}`;
    return { ok: false, is: null, reason, durationMs: durationMs() };
  }
  const reason = `not well after ${Math.round(durationMs() / 1000)} s: ${last.reason}`;
  return { ok: false, is: 'ill', reason, durationMs: durationMs() };
}

/**
 * From where a new start is watched. A restart clears Docker's count and its memory flag, so what the first look
 * finds of them came after it; a start by the restart policy keeps the flag of the run before.
 */
function afterAct(before: Container, first: Container): Baseline {
  const { startedAt, restartCount, oomKilled } = first;
  const diedSince = restartCount !== before.restartCount && restartCount > 0;
  return { startedAt, restartCount: diedSince ? 0 : restartCount, oomKilled: oomKilled && restartCount > 0 };
}
