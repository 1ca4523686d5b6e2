import { describe, expect, it } from 'vitest';
import {
  countOf,
  everythingIn,
  healLogOwed,
  noDebt,
  rowOwed,
  without,
} from '../../../domain/incident/debt.ts';
import {
  attempted,
  lastWordsOwed,
  moved,
  setAside,
  settled,
  written,
} from '../../../domain/incident/transitions.ts';
import { escalated, resolved, suppressed } from '../../../domain/incident/outcome.ts';
import {
  healLogRecordSchema,
  incidentRecordSchema,
  insightRecordSchema,
} from '../../../domain/incident/records.ts';
import { inEnglish } from '../../../domain/message/reasons.ts';
import { noticeSchema } from '../../../domain/message/notice.ts';
import { incidentOf, t0 } from './samples.ts';

const attempt = { attempt: 1, actionType: 'DOCKER_RESTART', result: 'failure', startedAtMs: t0 } as const;

describe('what an incident owes', () => {
  it('is its row as it stands: of those that wait their turn, the newest', () => {
    const first = written(incidentOf());
    const second = written(moved(first, 'acting'));
    const third = written(moved(second, 'verifying'));
    expect(third.debt.incidents.map(({ status, revision }) => [status, revision])).toEqual([
      ['open', 1],
      ['verifying', 3],
    ]);
    // The first is on its way already.
    const paid = without(third.debt, third.debt.incidents[0]);
    expect(paid.incidents.map(({ revision }) => revision)).toEqual([3]);
    third.debt.incidents.forEach((record) => incidentRecordSchema.parse(record));
  });

  it('is the row of each incident that owes one', () => {
    const [mine] = written(incidentOf()).debt.incidents;
    const [other] = written(incidentOf({ incidentId: 'b4b5b6b7-6f0e-4a3c-9a0e-0d1f6f1b2c3d' })).debt
      .incidents;
    if (mine === undefined || other === undefined) throw new Error('no row is owed');
    const debt = [mine, other, { ...mine, revision: 2 }, { ...other, revision: 2 }].reduce(rowOwed, noDebt);
    expect(debt.incidents.map(({ id, revision }) => [id, revision])).toEqual([
      [mine.id, 1],
      [other.id, 2],
      [mine.id, 2],
    ]);
  });

  it('is a heal log for each attempt, complete, and by a key of its own', () => {
    const state = attempted(incidentOf(), { ...attempt, error: 'it did not start' }, t0 + 1500);
    const next = attempted(state, { ...attempt, attempt: 2, result: 'success' }, t0 + 1500);
    expect(next.debt.healLogs.map(({ idempotencyKey, durationMs }) => [idempotencyKey, durationMs])).toEqual([
      [`${state.incidentId}/1`, 1500],
      [`${state.incidentId}/2`, 1500],
    ]);
    expect(next.tried.map(inEnglish)).toEqual([
      'attempt 1, DOCKER_RESTART: failure (it did not start)',
      'attempt 2, DOCKER_RESTART: success',
    ]);
    next.debt.healLogs.forEach((record) => healLogRecordSchema.parse(record));
  });

  it('is a message, and what it taught, once it is settled', () => {
    const state = lastWordsOwed(settled(incidentOf({ attempts: 3 }), escalated('nothing helped'), t0 + 3110));
    expect(state.debt.notices.map(({ noticeId, reason }) => [noticeId, reason])).toEqual([
      [`${state.incidentId}/escalated`, 'nothing helped'],
    ]);
    expect(state.debt.insights[0]?.result).toBe('escalated after 3 attempt(s) in 3.1 s: nothing helped');
    state.debt.notices.forEach((notice) => noticeSchema.parse(notice));
    state.debt.insights.forEach((insight) => insightRecordSchema.parse(insight));
  });

  it('is nothing where people know already and nothing was decided', () => {
    const cooling = suppressed('cooling down', '2026-04-19T04:00:00Z', false);
    expect(countOf(lastWordsOwed(settled(incidentOf(), cooling, t0)).debt)).toBe(0);
    const told = lastWordsOwed(settled(incidentOf(), { ...cooling, tell: true }, t0));
    expect(told.debt.notices.map(({ kind }) => kind)).toEqual(['paused']);
    expect(told.debt.insights).toEqual([]);
  });

  it('is a message for each record that the database refuses', () => {
    const state = setAside(setAside(incidentOf(), 'heal log 1'), 'heal log 2');
    expect(state.debt.notices.map(({ noticeId }) => noticeId)).toEqual([
      `${state.incidentId}/record_refused/1`,
      `${state.incidentId}/record_refused/2`,
    ]);
    expect(state.steps).toEqual(['set aside: heal log 1', 'set aside: heal log 2']);
  });

  it('goes on with another run but for what that run took over', () => {
    const handed = attempted(written(incidentOf()), attempt, t0);
    const since = written(settled(handed, resolved('well'), t0));
    const left = without(since.debt, ...everythingIn(handed.debt));
    expect(left.healLogs).toEqual([]);
    expect(left.incidents.map(({ revision }) => revision)).toEqual([2]);
  });

  it('survives being carried as JSON, whole', () => {
    const state = attempted(written(incidentOf()), attempt, t0);
    const carried = JSON.parse(JSON.stringify(state)) as typeof state;
    expect(carried).toEqual(state);
    expect(countOf(carried.debt)).toBe(2);
    const [log] = carried.debt.healLogs;
    if (log === undefined) throw new Error('no heal log is carried');
    expect(without(healLogOwed(carried.debt, log), log).healLogs).toEqual([]);
  });
});
