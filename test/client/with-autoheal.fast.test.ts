import { describe, expect, it } from 'vitest';
import { pauseBeforeRetry, runWithAutoHeal } from '../../client/with-autoheal.ts';
import { giveUp, retryAt, retryNow, type Verdict } from '../../domain/incident/verdict.ts';

const answering = (...verdicts: (Verdict | undefined)[]) => {
  const waits: number[] = [];
  const report = async (_error: unknown, _context: object, waitMs: number) => {
    waits.push(waitMs);
    const verdict = verdicts.shift();
    return { delivered: true, spooled: false, ...(verdict === undefined ? {} : { verdict }) };
  };
  const askToRunAgain = async () => ({ kind: 'ours' as const, release: async () => undefined });
  return { report: { report, askToRunAgain }, waits };
};

const failing = (times: number, own: Error) => {
  const runs: number[] = [];
  const task = (run: number): string => {
    runs.push(run);
    if (run <= times) throw own;
    return 'done';
  };
  return { task, runs };
};

describe('withAutoHeal', () => {
  it('is just the task where the task works', async () => {
    const { report, waits } = answering();
    expect(await runWithAutoHeal(report, 'task', () => 5)).toBe(5);
    expect(waits).toEqual([]);
  });

  it('runs the task again when the verdict is retry_now, and at the time of retry_at', async () => {
    const soon = new Date(Date.now() + 50).toISOString();
    const { report } = answering(retryNow('healed'), retryAt(soon, 'cooling down'));
    const { task, runs } = failing(2, new Error('x'));
    expect(await runWithAutoHeal(report, 'task', task)).toBe('done');
    expect(runs).toEqual([1, 2, 3]);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(soon));
  });

  it.each([
    ['the verdict is to give up', giveUp('no')],
    ['there is no verdict', undefined],
    ['it should wait too long', retryAt(new Date(Date.now() + 86_400_000).toISOString(), 'tomorrow')],
  ])('throws what the task threw, unchanged, when %s', async (_, verdict) => {
    const own = new Error('own');
    const { task, runs } = failing(9, own);
    await expect(runWithAutoHeal(answering(verdict).report, 'task', task)).rejects.toBe(own);
    expect(runs).toEqual([1]);
  });

  it('never runs more often than it may, and does not wait for a verdict that it could not follow', async () => {
    const { report, waits } = answering(retryNow('1'), retryNow('2'), retryNow('3'));
    const { task, runs } = failing(9, new Error('x'));
    await expect(
      runWithAutoHeal(report, 'task', task, { maxRuns: 2, waitForVerdictMs: 1000 }),
    ).rejects.toThrow('x');
    expect(runs).toEqual([1, 2]);
    expect(waits).toEqual([1000, 0]);
  });

  it('leaves the task alone where another program runs it again, and says which', async () => {
    const own = new Error('own');
    const { task, runs } = failing(9, own);
    const { report } = answering(retryNow('healed'));
    const askToRunAgain = async () => ({ kind: 'taken' as const, holder: 'host-a, process 7' });
    const told: unknown[] = [];
    const options = { onReported: (handed: object) => told.push(handed) };
    await expect(runWithAutoHeal({ ...report, askToRunAgain }, 'task', task, options)).rejects.toBe(own);
    expect(runs).toEqual([1]);
    expect(told).toMatchObject([
      { verdict: { kind: 'give_up', reason: expect.stringContaining('host-a, process 7') as string } },
    ]);
  });

  it('gives the right to run again back when the task ends, however it ends', async () => {
    const released: string[] = [];
    const askToRunAgain = async () => ({
      kind: 'ours' as const,
      release: async () => void released.push('released'),
    });
    for (const failures of [1, 9]) {
      const { report } = answering(retryNow('1'), retryNow('2'));
      const { task } = failing(failures, new Error('x'));
      await runWithAutoHeal({ ...report, askToRunAgain }, 'task', task).catch(() => undefined);
    }
    expect(released).toEqual(['released', 'released']);
  });

  it('does not wait for a time that is over', () => {
    expect(pauseBeforeRetry(retryAt('2020-01-01T00:00:00Z', ''), 1000)).toBe(0);
  });
});
