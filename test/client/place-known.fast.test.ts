import { expect, it } from 'vitest';
import { placeKnown } from '../../client/delivery/classify-cached.ts';
import { estateSchema } from '../../domain/estate.ts';
import { placeReport } from '../../domain/report/place-report.ts';
import type { Report } from '../../domain/report/report.ts';
import { readPlaybooks, shippedPlaybooks } from '../../settings/read-playbooks.ts';

const { rules } = readPlaybooks([shippedPlaybooks]);
const ground = { rules, estate: estateSchema.parse({}) };
const report = (more: Partial<Report> = {}): Report => ({
  source: 'task',
  error: { message: 'could not translate host name "momo-postgres" to address' },
  ...more,
});

it('places a known failure as it was placed for the first time, with its own id and time', () => {
  for (const reportId of ['first', 'second', undefined]) {
    for (const occurredAt of ['2026-04-19T03:00:00Z', undefined]) {
      const own = {
        ...(reportId === undefined ? {} : { reportId }),
        ...(occurredAt === undefined ? {} : { occurredAt }),
      };
      expect(placeKnown(report(own), ground)).toEqual(placeReport(report(own), ground));
    }
  }
});

it('removes secrets from every id, also of a known failure', () => {
  const reportId = 'postgres://momo:hunter2secret@momo-db/app';
  expect(placeKnown(report({ reportId }), ground)).toEqual(placeReport(report({ reportId }), ground));
  expect(JSON.stringify(placeKnown(report({ reportId }), ground))).not.toContain('hunter2secret');
});

it('does not mistake one failure for another, nor one estate for another', () => {
  const target = { target: 'scheduler' };
  const estate = estateSchema.parse({
    hosts: { h: { address: '192.0.2.1', user: 'u' } },
    targets: { 'momo-scheduler': { host: 'h', aliases: ['scheduler'] } },
  });
  expect(placeKnown(report(target), ground).place.target).toBeNull();
  expect(placeKnown(report(target), { rules, estate }).place.target).toBe('momo-scheduler');
  expect(
    placeKnown(report({ error: { message: 'no space left on device' } }), ground).classification.errorType,
  ).toBe('DISK_FULL');
});
