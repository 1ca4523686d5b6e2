/** A seeded source of chance (mulberry32): the same seed, the same faults and the same load. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of these, each as likely as its weight says. */
  pick<T>(weighted: readonly (readonly [T, number])[]): T;
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick<T>(weighted: readonly (readonly [T, number])[]): T {
      const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
      let at = next() * total;
      for (const [what, weight] of weighted) {
        at -= weight;
        if (at < 0) return what;
      }
      throw new Error('there is nothing to pick from');
    },
  };
}
