import type { Container } from './container.ts';
import type { Condition, Judgement } from './judge.ts';

export type Stability =
  | { kind: 'stable'; reason: string }
  | { kind: 'not_yet'; reason: string }
  /** It is not well, or was not throughout: with what it is instead. */
  | { kind: 'broken'; is: Condition; reason: string };

/** How it was when it was last known well, or right after the act: from then on nothing may change. */
export interface Baseline {
  startedAt: string;
  restartCount: number;
  /** Docker's flag outlives a policy's restart, so only a new one counts. */
  oomKilled: boolean;
}

/**
 * Whether a container has stayed well long enough (loop.md, Verification). A moved StartedAt or restart count means
 * that it died again; a flag that was not there means that memory ran out again, also where only a child was killed.
 * @param baseline null until it is known to run
 * @param wellForSec since the first look that saw it well, by the watcher's own clock; null where none has yet
 * @param neededSec see `watchLengthSec`
 */
export function judgeStability(
  now: Container,
  { is, why }: Judgement,
  baseline: Baseline | null,
  wellForSec: number | null,
  neededSec: number,
): Stability {
  if (
    baseline !== null &&
    (now.startedAt !== baseline.startedAt || now.restartCount !== baseline.restartCount)
  ) {
    const reason = `it was started again at ${now.startedAt} while it was being watched; now ${why}`;
    return { kind: 'broken', is: is === 'held' ? 'held' : 'ill', reason };
  }
  if (baseline !== null && now.oomKilled && !baseline.oomKilled)
    return { kind: 'broken', is: 'ill', reason: `memory ran out in it again; now ${why}` };
  switch (is) {
    case 'well':
      if (wellForSec === null || wellForSec < neededSec) {
        const seconds = Math.floor(wellForSec ?? 0);
        return { kind: 'not_yet', reason: `well for ${seconds} of ${Math.ceil(neededSec)} s` };
      }
      return { kind: 'stable', reason: `${why}, for ${rounded(neededSec)} s since ${now.startedAt}` };
    case 'starting':
      if (wellForSec === null) return { kind: 'not_yet', reason: why };
      return { kind: 'broken', is: 'ill', reason: `it was well, and now ${why}` };
    default:
      return { kind: 'broken', is, reason: why };
  }
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
