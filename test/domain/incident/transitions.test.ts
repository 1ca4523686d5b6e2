import { describe, expect, it } from 'vitest';
import { decide, type Decision } from '../../../domain/incident/decide.ts';
import type { Hold } from '../../../domain/guard/guard.ts';
import { alerted, escalated, refused, resolved, suppressed } from '../../../domain/incident/outcome.ts';
import { failedAt, isRequested, type IncidentState } from '../../../domain/incident/state.ts';
import {
  answered,
  askedEnough,
  asks,
  decided,
  downgraded,
  firing,
  attemptBegun,
  matched,
  moved,
  notDone,
  notFired,
  resumed,
  settled,
  takenOver,
  waits,
} from '../../../domain/incident/transitions.ts';
import {
  attributesOf,
  claimOf,
  holdsToRelease,
  lastNotice,
  recordOf,
  resultOf,
  statusOf,
} from '../../../domain/incident/views.ts';
import { retryNow } from '../../../domain/incident/verdict.ts';
import { healResultSchema } from '../../../domain/incident/verdict-schema.ts';
import { factsOf, pauseOf, place, playbookOf } from '../loop-samples.ts';
import { incidentOf, reportOf, t0 } from './samples.ts';

const ready = { kind: 'ready' as const, command: null };
const request = {
  nonce: 'n1',
  asked: 'DOCKER_RESTART of momo-web',
  playbook: null,
  until: '2026-04-19T03:30:00Z',
  situation: 'running',
  decision: null,
};
const byAlice = { approve: true, by: '1001', nonce: 'n1', name: 'Alice', chat: '-5' };

describe('what is decided', () => {
  const actions = (decision: Decision, state = incidentOf()) => decided(state, decision).actionType;
  const playbook = playbookOf('DOCKER_RESTART');

  it('is noted with its rule, and names playbook and action', () => {
    const restart = decide(factsOf({ candidates: [{ playbook, place, check: ready }] }));
    const state = decided(incidentOf(), restart);
    expect(state.steps).toEqual(['rule 12: playbook docker-restart matches']);
    expect([state.playbook?.name, state.actionType]).toEqual(['docker-restart', 'DOCKER_RESTART']);
  });

  it('to refuse names the action that was asked for, else the playbook’s', () => {
    const refuse: Decision = { kind: 'refuse', rule: 3, playbook, reason: 'no', wayForward: 'ask' };
    expect(actions(refuse)).toBe('DOCKER_RESTART');
    const asked = incidentOf({}, reportOf({ action: { type: 'SSH_CMD' } }));
    expect(actions(refuse, asked)).toBe('SSH_CMD');
    const stranger = incidentOf({}, reportOf({ action: { type: 'RM_RF' } }));
    expect(actions({ ...refuse, playbook: null }, stranger)).toBe('ALERT_ONLY');
  });

  it('to do nothing names none', () => {
    expect(actions({ kind: 'suppress', rule: 2, pause: pauseOf(null), reason: 'paused' })).toBeNull();
  });

  it('is downgraded with a heal log of what was refused, and why', () => {
    const state = downgraded(
      { ...incidentOf(), playbook },
      { rule: 'protected_name', reason: 'momo-db is protected', wayForward: 'Look.', became: 'WAIT_RETRY' },
      t0,
    );
    expect(state.actionType).toBe('WAIT_RETRY');
    expect(state.debt.healLogs).toMatchObject([
      {
        attempt: 0,
        actionType: 'DOCKER_RESTART',
        result: 'refused',
        error: 'protected_name: momo-db is protected; became WAIT_RETRY. Look.',
        idempotencyKey: `${state.incidentId}/refused`,
      },
    ]);
  });

  it('rests on a catalogue whose problems are noted', () => {
    const state = matched(incidentOf(), { source: 'seeds', similar: ['a case'], problems: ['p1', 'p2'] });
    expect(state.steps).toEqual(['p1', 'p2']);
    expect(recordOf(state).metadata).toMatchObject({ catalogueSource: 'seeds' });
    expect(healResultSchema.parse(resultOf(state, retryNow('well'), t0)).catalogueSource).toBe('seeds');
  });
});

describe('a request for a person’s decision', () => {
  it('is answered once, by its code', () => {
    const asking = asks(incidentOf(), request);
    expect(answered(asking, { ...byAlice, nonce: 'another' })).toBe(asking);
    const yes = answered(asking, byAlice);
    expect(yes.approval?.decision).toEqual(byAlice);
    expect(answered(yes, { ...byAlice, approve: false, name: 'Bob' })).toBe(yes);
    expect(answered(incidentOf(), byAlice)).toEqual(incidentOf());
  });

  it('is over with a record of who decided, and where', () => {
    const over = askedEnough(answered(asks(incidentOf(), request), byAlice));
    expect(over.approval).toBeNull();
    expect(over.steps).toEqual(['approved by Alice']);
    expect(recordOf(over).metadata['approval']).toEqual({
      by: '1001',
      name: 'Alice',
      chat: '-5',
      approve: true,
      asked: request.asked,
    });
    const late = askedEnough(asks(incidentOf(), request));
    expect([late.approval, late.approved, late.steps]).toEqual([null, null, []]);
  });

  it('of an earlier run stands until it is clear whether it is asked again', () => {
    const before = asks(incidentOf({ attempts: 2 }), request);
    const after = resumed(before, 'run-2');
    expect(after).toMatchObject({ runId: 'run-2', incidentId: before.incidentId, attempts: 2 });
    expect([after.approval, after.approvalBefore]).toEqual([null, request]);
    expect(asks(after, request).approvalBefore).toBeNull();
  });
});

it('a wait that goes on in a new run is where it was', () => {
  const decision = {
    kind: 'wait' as const,
    rule: 11 as const,
    playbook: playbookOf('WAIT_RETRY'),
    place,
    probe: null,
    command: '',
    reason: 'it matches',
    refused: null,
  };
  const wait = { decision, windowsMs: [1000, 2000], attemptsBefore: 0, at: 1, begunMs: t0, countBefore: 7 };
  const state = resumed(waits(incidentOf(), wait), 'run-2');
  expect(state.wait).toEqual(wait);
  expect(recordOf(state).runId).toBe('run-2');
});

describe('whoever takes an incident over', () => {
  it('is told to the others, once, and stands in the row', () => {
    const taken = takenOver(moved(incidentOf(), 'waiting', 'the name to resolve'), 'Alice');
    expect(taken.debt.notices).toMatchObject([
      { kind: 'acknowledged', reason: 'the name to resolve', acknowledgedBy: 'Alice' },
    ]);
    expect(taken.debt.incidents[0]?.metadata['acknowledgedBy']).toBe('Alice');
    expect(takenOver(taken, 'Alice')).toBe(taken);
  });
});

describe('the end', () => {
  const holds: Hold[] = (['lease', 'cooldown', 'budget', 'storm', 'flapping'] as const).map((kind) => ({
    id: kind,
    runId: 'r',
    kind,
  }));
  const released = (more: Partial<IncidentState>) =>
    holdsToRelease(incidentOf({ holds, ...more })).map(({ kind }) => kind);
  const all = ['lease', 'cooldown', 'budget', 'storm', 'flapping'];

  it.each([
    ['keeps what counts, where something was done', { fired: true, outcome: resolved('well') }, ['lease']],
    ['gives all back of a restart that found the container well', { outcome: resolved('well') }, all],
    ['gives all back of what was suppressed', { outcome: suppressed('paused', null, false) }, all],
    [
      'keeps the cooldown of what was tried in vain',
      { outcome: escalated('spent') },
      ['lease', 'budget', 'storm', 'flapping'],
    ],
  ])('%s', (_, more, expected) => {
    expect(released({ actionType: 'DOCKER_RESTART', ...more })).toEqual(expected);
  });

  it('keeps the cooldown of a wait that helped', () => {
    expect(released({ actionType: 'WAIT_RETRY', outcome: resolved('gone') })).not.toContain('cooldown');
  });

  it('shows, records and answers the same', () => {
    const state = moved(settled(incidentOf({ attempts: 1 }), resolved('healthy'), t0 + 3110), 'resolved');
    expect(recordOf(state)).toMatchObject({ status: 'resolved', resolvedAt: '2026-04-19T03:00:03.110Z' });
    expect(recordOf(state).escalatedAt).toBeNull();
    expect(statusOf(state).verdict).toEqual(retryNow('healthy'));
    expect(resultOf(state, retryNow('healthy'), t0 + 99_999)).toMatchObject({
      status: 'resolved',
      durationMs: 3110,
    });
    expect(state.steps).toEqual(['resolved: healthy']);
  });

  it('forgets what was waited for and asked', () => {
    const state = settled({ ...asks(incidentOf(), request), approvalBefore: request }, alerted('told'), t0);
    expect([state.wait, state.approval, state.approvalBefore]).toEqual([null, null, null]);
  });

  it('tells what to do: the outcome’s own advice, else the playbook’s', () => {
    const playbook = playbookOf('WAIT_RETRY', { actionParams: { advice: { en: 'Ring Bob.' } } });
    const state = incidentOf({ playbook });
    expect(lastNotice(state, escalated('spent')).advice).toEqual({ en: 'Ring Bob.' });
    expect(lastNotice(state, refused('no', 'Ask first.')).advice).toEqual({ en: 'Ask first.' });
  });
});

it('an attempt that turns out to have done nothing leaves what earlier ones did', () => {
  expect(notFired(firing(attemptBegun(incidentOf(), 1))).fired).toBe(false);
  expect(notFired(firing(attemptBegun(incidentOf(), 2))).fired).toBe(true);
});

it('what was not done is logged with the reason, and a secret in it is not', () => {
  const state = notDone(incidentOf(), 'skipped', 'paused: password=hunter2hunter2', t0);
  expect(state.debt.healLogs).toMatchObject([{ attempt: 0, actionType: 'ALERT_ONLY', result: 'skipped' }]);
  expect(JSON.stringify(state)).not.toContain('hunter2');
});

it('the guard is asked for the target, or else for what the report calls the failure', () => {
  const claim = claimOf(incidentOf(), playbookOf('DOCKER_RESTART'), place, { sideEffect: true, peek: false });
  expect(claim).toMatchObject({ host: 'ollama-188', target: 'momo-web', failure: 'named momo-web' });
  expect(claim).toMatchObject({ workflowId: `heal/${'f'.repeat(32)}`, sideEffect: true });
});

it('the failure is no later than its report', () => {
  const early = reportOf({ occurredAt: '2026-04-19T02:59:00Z' });
  const future = reportOf({ occurredAt: '2026-04-19T09:00:00Z' });
  expect(failedAt(incidentOf({}, early))).toBe('2026-04-19T02:59:00.000Z');
  expect(failedAt(incidentOf({}, future))).toBe('2026-04-19T03:00:00.000Z');
  expect(isRequested(incidentOf({}, reportOf({ action: { type: 'DOCKER_RESTART' } })))).toBe(true);
});

it('Temporal’s list shows what is known, in texts that every store takes', () => {
  const state = incidentOf({}, reportOf({ target: `a\u0000${'b'.repeat(300)}` }));
  const shown = Object.fromEntries(attributesOf(state));
  expect(shown).toMatchObject({ AutoHealStatus: 'open', AutoHealSeverity: 'P2' });
  expect(shown['AutoHealTarget']).toHaveLength(200);
  expect(shown['AutoHealTarget']).not.toContain('\u0000');
  expect(shown).not.toHaveProperty('AutoHealTask');
});
