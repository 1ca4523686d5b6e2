import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, probeTimesMs } from '../../../domain/incident/attempt.ts';
import { actionParamsSchema } from '../../../domain/playbook/playbook.ts';

const params = (backoffSec: number, maxBackoffSec: number) =>
  actionParamsSchema.parse({ backoffSec, maxBackoffSec });

describe('the pause before another attempt', () => {
  it('doubles from backoffSec up to maxBackoffSec', () => {
    const middle = [1, 2, 3, 4, 5].map((attempt) => backoffMs(params(5, 60), attempt, 0.5));
    expect(middle).toEqual([5000, 10_000, 20_000, 40_000, 60_000]);
  });

  it('is spread by a tenth to both sides', () => {
    expect(backoffMs(params(10, 60), 1, 0)).toBe(9000);
    expect(backoffMs(params(10, 60), 1, 0.9999)).toBe(11_000);
  });

  it('stays a finite time however many attempts are allowed', () => {
    const all = fc.tuple(fc.integer({ min: 0, max: 86_400 }), fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 0.99, noNaN: true })); // prettier-ignore
    fc.assert(
      fc.property(all, ([max, attempt, random]) => {
        const pause = backoffMs(params(10, max), attempt, random);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(max * 1100);
      }),
    );
  });
});

describe('the looks inside one wait', () => {
  it('come soon at first, then ever more rarely, and at its end', () => {
    expect(probeTimesMs(20_000)).toEqual([1000, 2000, 4000, 8000, 20_000]);
    expect(probeTimesMs(500)).toEqual([500]);
    expect(probeTimesMs(0)).toEqual([0]);
  });

  it('are at most eight, in order, the last at the end, for waits of up to a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), (waitMs) => {
        const times = probeTimesMs(waitMs);
        expect(times.length).toBeLessThanOrEqual(8);
        expect(times.at(-1)).toBe(waitMs);
        expect([...new Set(times)].sort((a, b) => a - b)).toEqual(times);
      }),
    );
  });
});
