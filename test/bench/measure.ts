/** Milliseconds since the epoch, finer than a millisecond: comparable with what other processes of this machine note. */
export const nowEpochMs = (): number => performance.timeOrigin + performance.now();

/** The value below which `share` (0 to 1) of all lie. Throws where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const begunMs = performance.now();
  const value = await work();
  return { ms: performance.now() - begunMs, value };
}

/** Two decimals for ratios, one for milliseconds: more would claim what a noisy machine can't say. */
export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** Runs `work` for each of `count` numbers, at most `atOnce` at the same time. */
export async function inParallel(
  count: number,
  atOnce: number,
  work: (at: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
}
