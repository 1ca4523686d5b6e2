import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../domain/container/judge.ts';
import type { Container } from '../../../domain/container/container.ts';
import { judgeStability, type Baseline, type Stability } from '../../../domain/container/stability.ts';
import { checked, containerOf } from '../loop-samples.ts';

const baseline: Baseline = containerOf();
const stability = (
  seen: Container,
  from: Baseline | null,
  wellForSec: number | null,
  neededSec = 3,
): Stability => judgeStability(seen, judge(seen), from, wellForSec, neededSec);

describe('a container that is watched', () => {
  it.each([
    ['is stable once it was healthy for as long as wanted', checked('healthy'), 3, 'stable'],
    ['is stable without a health check as well', containerOf(), 3, 'stable'],
    ['is not yet stable a moment earlier', checked('healthy'), 2.999, 'not_yet'],
    ['is not yet stable while its health check has not decided', checked('starting'), null, 'not_yet'],
    ['is broken when its health check fails', checked('unhealthy'), null, 'broken'],
    ['is broken when its health check fails again', checked('unhealthy'), 20, 'broken'],
    ['is broken when it has exited', containerOf({ status: 'exited', exitCode: 1 }), 1, 'broken'],
    ['is broken when its policy waits to restart it', containerOf({ status: 'restarting' }), 20, 'broken'],
    ['is broken when it was started again', containerOf({ startedAt: '2026-04-19T02:00:05Z' }), 20, 'broken'],
    ['is broken when the restart policy started it', containerOf({ restartCount: 1 }), 20, 'broken'],
    [
      'is broken when memory ran out in it, though it runs on',
      containerOf({ oomKilled: true }),
      20,
      'broken',
    ],
    ['is broken when somebody paused it', containerOf({ status: 'paused' }), 20, 'broken'],
  ] as const)('%s', (_, seen, wellForSec, kind) => {
    expect(stability(seen, baseline, wellForSec).kind).toBe(kind);
  });

  it('is not blamed for memory that ran out in an earlier run', () => {
    const seen = containerOf({ oomKilled: true, restartCount: 1 });
    expect(stability(seen, { ...baseline, oomKilled: true, restartCount: 1 }, 3).kind).toBe('stable');
  });

  it('says what it is instead: held by a person is another thing than ill', () => {
    expect(stability(containerOf({ status: 'paused' }), baseline, 1)).toMatchObject({ is: 'held' });
    expect(stability(checked('unhealthy'), baseline, 1)).toMatchObject({ is: 'ill' });
    const dead = containerOf({ status: 'exited', exitCode: 137, oomKilled: true });
    expect(stability(dead, null, null)).toEqual({
      kind: 'broken',
      is: 'ill',
      reason: 'it was killed for want of memory (exit code 137)',
    });
  });

  it('is never called stable unless it runs, is not ill, and stayed the same long enough', () => {
    const container = fc.record({
      status: fc.constantFrom('running', 'paused', 'restarting', 'exited'),
      health: fc.constantFrom('healthy', 'unhealthy', 'starting', 'none'),
      startedAt: fc.constantFrom(baseline.startedAt, '2026-04-19T02:30:00Z'),
      restartCount: fc.nat(1),
      oomKilled: fc.boolean(),
    });
    fc.assert(
      fc.property(container, fc.option(fc.nat(60)), fc.nat(30), (seen, wellForSec, needed) => {
        if (stability(containerOf(seen), baseline, wellForSec, needed).kind !== 'stable') return;
        expect(seen).toMatchObject({
          status: 'running',
          startedAt: baseline.startedAt,
          restartCount: 0,
          oomKilled: false,
        });
        expect(['healthy', 'none']).toContain(seen.health);
        expect(wellForSec).toBeGreaterThanOrEqual(needed);
      }),
    );
  });
});
