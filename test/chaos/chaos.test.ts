import { expect, it } from 'vitest';
import { runChaos } from './chaos.ts';

it('loses nothing and does nothing twice in a short run under every fault', async () => {
  const { findings, ...figures } = await runChaos({ incidents: 36, seed: 4, minutes: 0.6 });
  expect(findings).toEqual([]);
  expect(figures).toMatchObject({ ok: true, lostReports: 0, lostHealLogs: 0, duplicateSideEffects: 0 });
  expect(figures.faults.workerKills).toBeGreaterThan(0);
  expect(figures.faults.temporalKills).toBeGreaterThan(0);
}, 420_000);
