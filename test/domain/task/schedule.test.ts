import { expect, it } from 'vitest';
import { taskSchema } from '../../../domain/estate.ts';
import {
  describeScheduleChange,
  planScheduleChanges,
  scheduleSettings,
  type ScheduleSettings,
  type ScheduleThere,
} from '../../../domain/task/schedule.ts';

const settings = (more: object = {}): ScheduleSettings =>
  scheduleSettings(taskSchema.parse({ cron: '0 6 * * *', command: ['true'], ...more }), 'autoheal');

const there = (applied: ScheduleSettings, actual: Partial<ScheduleThere['actual']> = {}): ScheduleThere => {
  const { cron, timezone, jitterSec, catchupWindowSec, paused, note } = applied;
  return {
    task: 'import',
    own: true,
    applied,
    actual: { cron, timezone, jitterSec, catchupWindowSec, paused, note, ...actual },
  };
};

it('creates what is missing, and keeps what is as the estate file says', () => {
  expect(planScheduleChanges({ import: settings() }, [])).toMatchObject([{ kind: 'create', task: 'import' }]);
  expect(planScheduleChanges({ import: settings() }, [there(settings())])).toEqual([
    { kind: 'keep', task: 'import', pausedByHand: null },
  ]);
});

it('names each difference, also of what somebody changed on the server', () => {
  const wanted = settings({ cron: '30 7 * * *', timezone: 'Asia/Taipei' });
  const [change] = planScheduleChanges({ import: wanted }, [there(settings(), { catchupWindowSec: 60 })]);
  expect(change).toMatchObject({ kind: 'update' });
  expect(describeScheduleChange(change ?? { kind: 'delete', task: '' })).toBe(
    '~ import: cron: 0 6 * * * → 30 7 * * *, timezone: UTC → Asia/Taipei, catchupWindowSec: 60 → 3600',
  );
});

it('leaves a pause that a person has set until the estate file says something new about it', () => {
  const byHand = there(settings(), { paused: true, note: 'audit' });
  expect(planScheduleChanges({ import: settings() }, [byHand])).toEqual([
    { kind: 'keep', task: 'import', pausedByHand: 'audit' },
  ]);
  const wasPaused = there(settings({ paused: true }));
  expect(planScheduleChanges({ import: settings() }, [wasPaused])).toMatchObject([
    { kind: 'update', differences: [{ field: 'paused', from: true, to: false }] },
  ]);
});

it('deletes only what it has made, and never takes over another one', () => {
  const gone = there(settings());
  expect(planScheduleChanges({}, [gone])).toEqual([{ kind: 'delete', task: 'import' }]);
  expect(planScheduleChanges({}, [{ ...gone, own: false }])).toEqual([]);
  expect(planScheduleChanges({ import: settings() }, [{ ...gone, own: false }])).toEqual([
    { kind: 'foreign', task: 'import' },
  ]);
});
