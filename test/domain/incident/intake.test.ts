import { describe, expect, it } from 'vitest';
import { hasUnwrittenCount, isLater, shortened } from '../../../domain/incident/counting.ts';
import type { IncidentState } from '../../../domain/incident/state.ts';
import { causeGone, reported, written } from '../../../domain/incident/transitions.ts';
import { incidentOf, listenerOf, reportOf, t0 } from './samples.ts';

const arrives = (state: IncidentState, more: Parameters<typeof reportOf>[0] = {}, atMs = 100) =>
  reported(state, { report: reportOf(more) }, t0 + atMs);
const seenAfter = (state: IncidentState) => (state.lastSeenAtMs - t0) / 1000;

describe('a report that joins an open incident', () => {
  it('is counted, and the row is owed the new count', () => {
    const joined = arrives(incidentOf(), {}, 5000);
    expect(joined.counted.count).toBe(2);
    expect(seenAfter(joined)).toBe(5);
    expect(hasUnwrittenCount(joined)).toBe(true);
    expect(hasUnwrittenCount(written(joined))).toBe(false);
  });

  it('is counted once by its id, however often it is sent', () => {
    const once = arrives(incidentOf(), { reportId: 'a' });
    const twice = arrives(once, { reportId: 'a' }, 9000);
    expect(twice).toBe(once);
    expect(arrives(twice, { reportId: 'b' }).counted.count).toBe(3);
  });

  it('is not counted where it is the one that opened the incident', () => {
    const first = reportOf({ reportId: 'first' });
    expect(arrives(incidentOf({}, first), { reportId: 'first' }).counted.count).toBe(1);
    const started = reported(incidentOf(), { report: reportOf(), isStart: true }, t0);
    expect(started.counted.count).toBe(1);
  });

  it('without an id counts each time', () => {
    expect(arrives(arrives(incidentOf())).counted.count).toBe(3);
  });

  it('has its sender told the verdict, once', () => {
    const report = reportOf({ reportId: 'a' });
    const listener = listenerOf('task/import');
    const once = reported(incidentOf(), { report, listener }, t0);
    const again = reported(once, { report, listener }, t0);
    expect(again.listeners).toEqual([listener]);
    const other = reported(again, { report, listener: listenerOf('task/other') }, t0);
    expect(other.listeners.map(({ workflowId }) => workflowId)).toEqual(['task/import', 'task/other']);
    expect(other.counted.count).toBe(2);
  });

  it('of the five thousand last ones is known again', () => {
    let state = incidentOf();
    for (let sent = 0; sent <= 5000; sent += 1) state = arrives(state, { reportId: `${sent}` });
    expect(state.counted.count).toBe(5002);
    expect(arrives(state, { reportId: '1' })).toBe(state);
    expect(arrives(state, { reportId: '0' }).counted.count).toBe(5003);
  });
});

describe('a report that comes once the incident is settled', () => {
  const settled = incidentOf({ settledAtMs: t0 });
  const isoAfter = (ms: number) => new Date(t0 + ms).toISOString();

  it.each([
    ['in the same moment is of this failure', 1000, {}, false],
    ['much later is of the next', 2001, {}, true],
    ['much later, of what failed before, is of this one', 60_000, { occurredAt: isoAfter(-5) }, false],
    ['and says that it failed afterwards is of the next', 60_000, { occurredAt: isoAfter(3000) }, true],
    ['and claims to be of the future is taken for one of now', 1000, { occurredAt: isoAfter(1e9) }, false],
  ])('%s', (_, atMs, more, later) => {
    expect(isLater(settled, reportOf(more), t0 + atMs)).toBe(later);
  });

  it('of a storm that still comes in is of this failure, unless it says since when', () => {
    const lingering = { ...settled, lingers: true };
    expect(isLater(lingering, reportOf(), t0 + 5000)).toBe(false);
    expect(isLater(lingering, reportOf({ occurredAt: isoAfter(4000) }), t0 + 5000)).toBe(true);
  });

  it('and was counted before is no new failure, however late it is sent again', () => {
    const state = arrives(settled, { reportId: 'a' });
    expect(isLater(state, reportOf({ reportId: 'a' }), t0 + 3_600_000)).toBe(false);
  });

  it('never comes too late for an open one', () => {
    expect(isLater(incidentOf(), reportOf(), t0 + 1e9)).toBe(false);
  });
});

it('of a report that is only counted nothing else is handed on', () => {
  const report = reportOf({ reportId: 'a', labels: { k: 'v' }, error: { message: 'x'.repeat(100_000) } });
  const short = shortened({ report, listener: listenerOf('task/import'), isStart: true });
  expect(short).toEqual({
    report: { source: 'alertmanager', reportId: 'a', error: { message: 'x'.repeat(20) } },
    listener: listenerOf('task/import'),
  });
});

describe('alerts of one incident', () => {
  const alert = (fingerprint: string) => ({ alert: { fingerprint, series: 's' } });
  const over = (fingerprint?: string) => ({
    by: 'Alertmanager',
    detail: 'resolved',
    ...(fingerprint === undefined ? {} : { alert: fingerprint }),
  });
  const both = arrives(incidentOf({}, reportOf(alert('a'))), alert('b'));

  it('are over when each of them is', () => {
    const one = causeGone(both, over('a'));
    expect(one.causeGone).toBeNull();
    expect(one.steps).toEqual(['resolved; another alert of this incident still fires']);
    expect(causeGone(one, over('b')).causeGone).toEqual(over('b'));
  });

  it('are all over where the sender names none', () => {
    expect(causeGone(both, over()).causeGone).toEqual(over());
  });

  it('are not over when one begins anew', () => {
    const gone = causeGone(causeGone(both, over('a')), over('b'));
    expect(arrives(gone, alert('a')).causeGone).toBeNull();
    expect(arrives(gone).causeGone).toEqual(over('b'));
  });
});
