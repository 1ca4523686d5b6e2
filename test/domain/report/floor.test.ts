import { describe, expect, it } from 'vitest';
import { readPlaybooks } from '../../../settings/read-playbooks.ts';
import {
  figuresOf,
  knownFailures,
  knownPairs,
  pairFigures,
  unknownLabels,
} from '../../support/reading-failures.ts';

/** Below these, the shipped rules read failures worse than they once did. */
describe('the shipped rules', () => {
  const { rules } = readPlaybooks();

  it('read failures that are known no worse than these floors', () => {
    const failures = knownFailures();
    expect(failures.length).toBeGreaterThan(450);
    expect(unknownLabels(failures)).toEqual([]);
    const { misses, confusion, ...figures } = figuresOf(failures, rules);
    expect(figures.acceptable, misses.join('\n')).toBeGreaterThanOrEqual(0.97);
    expect(figures.acceptableLanguages).toBeGreaterThanOrEqual(0.9);
    expect(figures.unknownWithType).toBeLessThanOrEqual(0.03);
    expect(figures.wrongRestarts, JSON.stringify(confusion)).toBe(0);
    expect(figures.pointlessWaits, JSON.stringify(confusion)).toBeLessThanOrEqual(3);
  });

  it('keep the same failure together and different ones apart no worse than these floors', () => {
    const { same, different } = pairFigures(knownPairs(), rules);
    expect(same).toBeGreaterThanOrEqual(0.95);
    expect(different).toBeGreaterThanOrEqual(0.95);
  });
});
