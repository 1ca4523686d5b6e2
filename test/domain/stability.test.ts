import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeStability } from '../../domain/stability.ts';
import { containerOf } from './loop-samples.ts';

const { startedAt } = containerOf();
const seenWell = { startedAt, restartCount: 0, atMs: 10_000 };

describe('a container that is watched', () => {
  it.each([
    ['is stable once it was healthy for as long as wanted', {}, 13_000, 'stable'],
    ['is stable without a health check as well', { health: 'none' }, 13_000, 'stable'],
    ['is not yet stable a moment earlier', {}, 12_999, 'not_yet'],
    ['is not yet stable while its health check starts', { health: 'starting' }, 20_000, 'not_yet'],
    ['is broken when its health check fails again', { health: 'unhealthy' }, 20_000, 'broken'],
    ['is broken when it has exited', { running: false, status: 'exited', exitCode: 1 }, 11_000, 'broken'],
    ['is broken when it was started again', { startedAt: '2026-04-19T02:00:05Z' }, 20_000, 'broken'],
    ['is broken when the restart policy started it', { restartCount: 1 }, 20_000, 'broken'],
  ] as const)('%s', (_, seen, nowMs, kind) => {
    expect(judgeStability(containerOf(seen), seenWell, nowMs, 3).kind).toBe(kind);
  });

  it('may take its time to become healthy for the first time, but not to die', () => {
    expect(judgeStability(containerOf({ health: 'unhealthy' }), null, 0, 3).kind).toBe('not_yet');
    expect(judgeStability(containerOf(), null, 0, 3).kind).toBe('not_yet');
    const dead = judgeStability(
      containerOf({ running: false, status: 'exited', exitCode: 137, oomKilled: true }),
      null,
      0,
      3,
    );
    expect(dead).toEqual({ kind: 'broken', reason: 'it is exited (exit code 137, out of memory)' });
  });

  it('is never called stable unless it runs, is not ill, and stayed the same long enough', () => {
    const container = fc.record({
      running: fc.boolean(),
      health: fc.constantFrom('healthy', 'unhealthy', 'starting', 'none'),
      startedAt: fc.constantFrom(startedAt, '2026-04-19T02:30:00Z'),
      restartCount: fc.nat(1),
    });
    fc.assert(
      fc.property(
        container,
        fc.option(fc.constant(seenWell)),
        fc.nat(60_000),
        fc.nat(30),
        (seen, first, now, sec) => {
          if (judgeStability(containerOf(seen), first, now, sec).kind !== 'stable') return;
          expect(seen).toMatchObject({ running: true, startedAt, restartCount: 0 });
          expect(['healthy', 'none']).toContain(seen.health);
          expect(now - seenWell.atMs).toBeGreaterThanOrEqual(sec * 1000);
        },
      ),
    );
  });
});
