import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  type CandidateCheck,
  type Facts,
  type RequestedAction,
} from '../../../domain/incident/decide.ts';
import { candidateOf, factsOf, pauseOf, place, playbookOf } from '../loop-samples.ts';

const refusal = { rule: 'unknown', reason: 'no such target', wayForward: 'name another' };
const refused: CandidateCheck = { kind: 'refused', ...refusal };
const protectedWith = (probe: Extract<CandidateCheck, { kind: 'protected' }>['probe']): CandidateCheck => ({
  kind: 'protected',
  rule: 'protected-name',
  reason: 'it stands for momo-db',
  wayForward: 'by hand',
  probe,
});
const requested = (check: CandidateCheck): RequestedAction => ({
  kind: 'allowed',
  candidate: candidateOf('DOCKER_RESTART', check),
});
const codeFix: RequestedAction = { kind: 'code_fix', command: 'aider --yes', timeoutSec: 60, host: 'build' };
const ready: CandidateCheck = { kind: 'ready', command: null };

describe('the decision table', () => {
  it('2: does nothing in a pause, whatever else holds, and says whose pause it is', () => {
    const everything = { candidates: [candidateOf('DOCKER_RESTART')], requested: codeFix, unknown: true };
    const decision = decide(factsOf({ ...everything, pauses: [pauseOf('2026-04-19T04:00:00Z')] }));
    expect(decision).toMatchObject({
      kind: 'suppress',
      rule: 2,
      reason: 'paused by alice until 2026-04-19T04:00:00Z: maintenance',
    });
    expect(decide(factsOf({ pauses: [pauseOf(null)] })).reason).toBe(
      'paused by alice until it is lifted: maintenance',
    );
  });

  it('2: goes by the widest of several pauses', () => {
    const pauses = [pauseOf(null), { ...pauseOf('2026-04-19T04:00:00Z'), owner: 'bob' }];
    expect(decide(factsOf({ pauses })).reason).toContain('alice');
  });

  it('3: refuses a requested action that policy does not allow', () => {
    const decision = decide(factsOf({ requested: { kind: 'refused', ...refusal } }));
    expect(decision).toMatchObject({ kind: 'refuse', rule: 3, playbook: null, wayForward: 'name another' });
  });

  it('3: refuses, not downgrades, a request for what is protected', () => {
    const decision = decide(factsOf({ requested: requested(protectedWith({ kind: 'container' })) }));
    expect(decision).toMatchObject({ kind: 'refuse', rule: 3, reason: 'it stands for momo-db' });
  });

  it('3: refuses a playbook whose target is unknown, empty or ambiguous', () => {
    const decision = decide(factsOf({ candidates: [candidateOf('DOCKER_RESTART', refused)] }));
    expect(decision).toMatchObject({ kind: 'refuse', rule: 3, reason: 'no such target' });
  });

  it('4: tells a person where no playbook matches', () => {
    expect(decide(factsOf())).toMatchObject({ kind: 'alert', rule: 4, playbook: null });
  });

  it('4: tells a person of an unknown failure, even where a playbook for it would act', () => {
    const decision = decide(factsOf({ unknown: true, candidates: [candidateOf('DOCKER_RESTART')] }));
    expect(decision).toMatchObject({ kind: 'alert', rule: 4, reason: 'the failure is of no known type' });
  });

  it('5: waits for what is protected where its cause can be probed', () => {
    const check = protectedWith({ kind: 'resolve', name: 'momo-db' });
    expect(decide(factsOf({ candidates: [candidateOf('DOCKER_RESTART', check)] }))).toMatchObject({
      kind: 'wait',
      rule: 5,
      probe: { kind: 'resolve', name: 'momo-db' },
      reason: 'it stands for momo-db; downgraded to WAIT_RETRY',
      refused: { rule: 'protected-name', became: 'WAIT_RETRY' },
    });
  });

  it('5: tells a person of what is protected where nothing can be probed', () => {
    const check = protectedWith(null);
    expect(decide(factsOf({ candidates: [candidateOf('DOCKER_RESTART', check)] }))).toMatchObject({
      kind: 'alert',
      rule: 5,
      refused: { became: 'ALERT_ONLY' },
    });
  });

  it('9: asks a person for every code fix', () => {
    expect(decide(factsOf({ requested: codeFix, unknown: true }))).toMatchObject({
      kind: 'code_fix',
      rule: 9,
      command: 'aider --yes',
      host: 'build',
    });
  });

  it('10 to 12: does what the playbook says', () => {
    const probe = { kind: 'port', port: 5432 };
    const waiting = {
      ...candidateOf('WAIT_RETRY'),
      playbook: playbookOf('WAIT_RETRY', { actionParams: { probe } }),
    };
    const command: CandidateCheck = { kind: 'ready', command: 'df -h' };
    const by = (candidate: Facts['candidates'][number]) => decide(factsOf({ candidates: [candidate] }));
    expect(by(candidateOf('ALERT_ONLY'))).toMatchObject({ kind: 'alert', rule: 10, refused: null });
    expect(by(candidateOf('WAIT_RETRY'))).toMatchObject({
      kind: 'wait',
      rule: 11,
      probe: null,
      refused: null,
    });
    expect(by(waiting)).toMatchObject({ kind: 'wait', rule: 11, probe });
    expect(by(candidateOf('DOCKER_RESTART'))).toMatchObject({ kind: 'restart', rule: 12, place });
    expect(by(candidateOf('SSH_CMD', command))).toMatchObject({
      kind: 'diagnose',
      rule: 12,
      command: 'df -h',
    });
  });

  it('takes the first playbook, and a request before any', () => {
    const candidates = [candidateOf('ALERT_ONLY'), candidateOf('DOCKER_RESTART')];
    expect(decide(factsOf({ candidates }))).toMatchObject({ kind: 'alert', rule: 10 });
    expect(decide(factsOf({ candidates, requested: requested(ready) }))).toMatchObject({ kind: 'restart' });
  });
});

describe('of any facts', () => {
  const check = fc.oneof(
    fc.constant<CandidateCheck>(ready),
    fc.constant<CandidateCheck>({ kind: 'ready', command: 'uptime' }),
    fc.constant(refused),
    fc.constant(protectedWith(null)),
    fc.constant(protectedWith({ kind: 'container' })),
  );
  const candidate = fc
    .tuple(fc.constantFrom('DOCKER_RESTART', 'SSH_CMD', 'ALERT_ONLY', 'WAIT_RETRY'), check)
    .map(([action, about]) => candidateOf(action, about));
  const facts: fc.Arbitrary<Facts> = fc.record({
    pauses: fc.array(fc.constantFrom(pauseOf(null), pauseOf('2026-04-19T04:00:00Z')), { maxLength: 2 }),
    requested: fc.oneof(
      fc.constant(null),
      fc.constant(codeFix),
      fc.constant<RequestedAction>({ kind: 'refused', ...refusal }),
      candidate.map((one): RequestedAction => ({ kind: 'allowed', candidate: one })),
    ),
    candidates: fc.array(candidate, { maxLength: 3 }),
    unknown: fc.boolean(),
  });

  it('a side effect needs an action that is ready, a known failure or a request, and no pause', () => {
    fc.assert(
      fc.property(facts, (seen) => {
        const decision = decide(seen);
        if (!['restart', 'diagnose', 'code_fix'].includes(decision.kind)) return;
        expect(seen.pauses).toEqual([]);
        if (decision.kind === 'code_fix') {
          expect(seen.requested?.kind).toBe('code_fix');
          return;
        }
        const chosen = seen.requested?.kind === 'allowed' ? seen.requested.candidate : seen.candidates[0];
        expect(chosen?.check.kind).toBe('ready');
        expect(seen.requested !== null || !seen.unknown).toBe(true);
      }),
    );
  });

  it('every decision says which rule it goes by, and why', () => {
    fc.assert(
      fc.property(facts, (seen) => {
        const { rule, reason } = decide(seen);
        expect([2, 3, 4, 5, 9, 10, 11, 12]).toContain(rule);
        expect(reason).not.toBe('');
      }),
    );
  });
});
