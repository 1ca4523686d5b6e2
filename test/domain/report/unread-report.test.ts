import { describe, expect, it } from 'vitest';
import { asReport, unreadable } from '../../../domain/report/unread-report.ts';

const report = { source: 'api', error: { message: 'x' } };

describe('asReport', () => {
  it('takes what counting can read, as it is', () => {
    for (const more of [
      {},
      { reportId: 'a', occurredAt: '2026-04-19T03:00:00Z' },
      { occurredAt: '2026-04-19T03:00:00.123+08:00' },
      { unknown: 'said when it is classified' },
    ])
      expect(asReport({ ...report, ...more })).toEqual({ ...report, ...more });
  });

  it('puts a stand-in in the place of what it can’t read, so that it is counted all the same', () => {
    for (const wrong of [
      null,
      'text',
      [],
      { source: 'api' },
      { ...report, error: 'x' },
      { ...report, error: { message: 3 } },
      { ...report, source: 'somebody' },
      { ...report, reportId: '' },
      { ...report, reportId: 'a'.repeat(101) },
      { ...report, reportId: 7 },
      // Without an offset it would be another time in another zone.
      { ...report, occurredAt: '2026-04-19T03:00:00' },
      { ...report, occurredAt: 'yesterday' },
    ])
      expect(asReport(wrong)).toBe(unreadable);
  });
});
