import type { Container } from './container.ts';

/** Docker calls a start good, and begins its back-off anew, once a container was up for 10 s (moby's restart manager). */
const goodStartSec = 10;
/** Docker's pause before a further start: 100 ms, doubling, at most a minute. */
const firstBackoffSec = 0.1;
const longestBackoffSec = 60;
/** A run that lasted longer than this was no loop that a watch could see; the later look is for those. */
const shortRunSec = 60;

/**
 * How long a container has to stay well before that is called stable, in seconds: `stableForSec`, and longer where
 * what is known of its runs so far says that it could have been well for so long and die all the same:
 * - it ended by itself: longer than Docker's own measure of a good start, and longer than the run that ended;
 * - Docker keeps restarting it: longer than Docker's present back-off too.
 * @param seen looks at it: before the act, and the first one that saw it well
 */
export function watchLengthSec(stableForSec: number, seen: readonly Container[]): number {
  return Math.max(stableForSec, ...seen.map(ownNeedSec));
}

function ownNeedSec(container: Container): number {
  const { status, restartCount, oomKilled } = container;
  // Memory runs out a while after a start, and in a child that is started again and again.
  if (status === 'running' && oomKilled && restartCount === 0) return 1 + goodStartSec;
  if (status === 'restarting' || (status === 'running' && restartCount > 0)) {
    return 1 + Math.max(goodStartSec, backoffSec(container), shortRun(container), shortCycle(container));
  }
  if (status === 'exited' && endedByItself(container)) return 1 + Math.max(goodStartSec, shortRun(container));
  return 0;
}

/** 137 and 143 without a lack of memory are somebody's signals, and say nothing about the program. */
function endedByItself({ exitCode, oomKilled, error }: Container): boolean {
  return error === '' && (oomKilled || (exitCode !== 137 && exitCode !== 143));
}

/** How long its last run took, with a quarter more, where it has ended and was short. */
function shortRun({ startedAt, finishedAt }: Container): number {
  const ranSec = secondsBetween(startedAt, finishedAt);
  return ranSec > 0 && ranSec <= shortRunSec ? ranSec * 1.25 : 0;
}

/** From one start to the next on average, with a quarter more, where Docker has restarted it ever since it was made. */
function shortCycle({ createdAt, startedAt, restartCount }: Container): number {
  const cycleSec = secondsBetween(createdAt, startedAt) / Math.max(1, restartCount);
  return cycleSec <= shortRunSec ? cycleSec * 1.25 : 0;
}

/** The pause before its next start: what its last pause was, doubled; both times are of one clock. */
function backoffSec({ status, startedAt, finishedAt, restartCount }: Container): number {
  const byCount = firstBackoffSec * 2 ** Math.min(restartCount, 10);
  const lastPauseSec = secondsBetween(finishedAt, startedAt);
  const byPause = status === 'running' && lastPauseSec > 0 ? lastPauseSec * 2 : byCount;
  return Math.min(longestBackoffSec, byPause, byCount);
}

/** 0 where one of them has not come yet, or the second is before the first. */
function secondsBetween(from: string, to: string): number {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return Date.parse(from) > 0 && seconds > 0 ? seconds : 0;
}
