import { describe, expect, it } from 'vitest';
import { startWindowSec } from '../../../domain/container/start-window.ts';
import { watchLengthSec } from '../../../domain/container/watch-length.ts';
import { containerOf } from '../loop-samples.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 3, 19, 3) + seconds * 1000).toISOString();
const never = '0001-01-01T00:00:00Z';

/** A container that lives so long, with this many restarts, seen waiting for its next one. */
const loop = (livesSec: number, restartCount: number) =>
  containerOf({
    status: 'restarting',
    exitCode: 3,
    restartCount,
    startedAt: at(0),
    finishedAt: at(livesSec),
    restartPolicy: { name: 'always', maxRetries: 0 },
  });

describe('how long a container has to stay well', () => {
  it('is what the playbook says where nothing speaks against it', () => {
    expect(watchLengthSec(3, [containerOf()])).toBe(3);
    expect(watchLengthSec(45, [containerOf({ restartCount: 2 })])).toBe(45);
    expect(watchLengthSec(0, [containerOf({ health: 'unhealthy' })])).toBe(0);
  });

  it.each([0.1, 0.5, 1, 2, 4, 6, 8, 12, 20, 30, 45])(
    'is longer than the runs of a loop that lives %f s',
    (lives) => {
      for (const restarts of [1, 3, 6, 12]) {
        const needed = watchLengthSec(3, [loop(lives, restarts)]);
        expect(needed).toBeGreaterThan(lives);
        expect(needed).toBeGreaterThan(10);
        expect(needed).toBeGreaterThan(Math.min(60, 0.1 * 2 ** restarts));
      }
    },
  );

  it.each([4, 6, 8, 12])('is longer than the last run of one that nobody brings back after %f s', (lives) => {
    const ended = containerOf({ status: 'exited', exitCode: 1, startedAt: at(0), finishedAt: at(lives) });
    expect(watchLengthSec(3, [ended])).toBeGreaterThan(Math.max(10, lives));
    expect(watchLengthSec(3, [{ ...ended, exitCode: 0 }])).toBeGreaterThan(10);
  });

  it('goes by the pause that was seen between two runs, not by a count that may be old', () => {
    const running = containerOf({
      restartCount: 40,
      finishedAt: at(0),
      startedAt: at(0.2),
      createdAt: at(-90_000),
    });
    expect(watchLengthSec(3, [running])).toBe(11);
    expect(watchLengthSec(3, [{ ...running, startedAt: at(25) }])).toBe(51);
    expect(watchLengthSec(3, [{ ...running, startedAt: at(60) }])).toBe(61);
  });

  it('sees a slow loop by how often it began since it was made', () => {
    const slow = containerOf({
      restartCount: 6,
      createdAt: at(0),
      finishedAt: at(180),
      startedAt: at(180.1),
    });
    expect(watchLengthSec(3, [slow])).toBeGreaterThan(30);
  });

  it('learns nothing from a kill by somebody, but all from a lack of memory', () => {
    const killed = containerOf({ status: 'exited', exitCode: 137, startedAt: at(0), finishedAt: at(5) });
    expect(watchLengthSec(3, [killed])).toBe(3);
    expect(watchLengthSec(3, [{ ...killed, exitCode: 143 }])).toBe(3);
    expect(watchLengthSec(3, [{ ...killed, oomKilled: true }])).toBe(11);
    // A child was killed, and its container runs on.
    expect(watchLengthSec(3, [containerOf({ oomKilled: true })])).toBe(11);
  });

  it('is bounded, whatever the times say', () => {
    const odd = containerOf({
      restartCount: 2_000_000,
      startedAt: never,
      finishedAt: at(9e6),
      createdAt: never,
    });
    expect(watchLengthSec(3, [odd])).toBeLessThanOrEqual(61);
    const long = containerOf({ status: 'exited', exitCode: 1, startedAt: at(0), finishedAt: at(90_000) });
    expect(watchLengthSec(3, [long])).toBe(11);
  });
});

describe('how long a container may be starting', () => {
  it('is its start period and all its checks, and nothing without a check', () => {
    expect(startWindowSec(containerOf())).toBe(0);
    const healthCheck = { intervalSec: 5, timeoutSec: 3, startPeriodSec: 180, retries: 2 };
    expect(startWindowSec(containerOf({ healthCheck }))).toBe(180 + 3 * 8);
  });
});
