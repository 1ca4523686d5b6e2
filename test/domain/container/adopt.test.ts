import { describe, expect, it } from 'vitest';
import { lookBeforeActing, restartHappened, type Look } from '../../../domain/container/adopt.ts';
import { judge } from '../../../domain/container/judge.ts';
import type { Container } from '../../../domain/container/container.ts';
import { checked, containerOf } from '../loop-samples.ts';

const failedAt = '2026-04-19T03:00:00Z';
const before = '2026-04-19T02:00:00.123456789Z';
const after = '2026-04-19T03:00:01.123456789Z';
const always = { name: 'always', maxRetries: 0 };

const look = (seen: Container, errorType = 'UNKNOWN_YET', mayRestartWell = true): Look =>
  lookBeforeActing(seen, judge(seen), errorType, failedAt, mayRestartWell);

describe('the last look before a restart', () => {
  it.each([
    ['an unhealthy container', checked('unhealthy'), 'act'],
    ['one that has failed', containerOf({ status: 'exited', exitCode: 1 }), 'act'],
    ['one that Docker keeps restarting', containerOf({ status: 'restarting', restartPolicy: always }), 'act'],
    ['one restarted since, and unhealthy again', checked('unhealthy', { startedAt: after }), 'act'],
    ['one that is starting', checked('starting', { startedAt: after }), 'await_start'],
    ['one that has been starting since before', checked('starting'), 'await_start'],
    ['one restarted since the failure, and well', checked('healthy', { startedAt: after }), 'adopt'],
    ['one restarted since, without a health check', containerOf({ startedAt: after }), 'adopt'],
    ['a job that is done', containerOf({ status: 'exited' }), 'leave'],
    [
      'one that a person stopped',
      containerOf({ status: 'exited', exitCode: 137, restartPolicy: always }),
      'leave',
    ],
    ['one that a person paused', containerOf({ status: 'paused', startedAt: after }), 'leave'],
    ['one that is being removed', containerOf({ status: 'removing' }), 'leave'],
    ['one that nobody can make out', containerOf({ status: 'running', restarting: true }), 'leave'],
  ] as const)('of %s', (_, seen, kind) => {
    for (const errorType of ['CONTAINER_EXITED', 'CONTAINER_UNHEALTHY', 'OOM_KILLED', 'DB_UNREACHABLE'])
      expect(look(seen, errorType).kind).toBe(kind);
  });

  it.each([
    ['CONTAINER_UNHEALTHY', checked('healthy'), 'adopt'],
    ['CONTAINER_UNHEALTHY', containerOf(), 'act'],
    ['CONTAINER_EXITED', checked('healthy'), 'adopt'],
    ['CONTAINER_EXITED', containerOf(), 'adopt'],
    ['OOM_KILLED', checked('healthy'), 'act'],
    ['OOM_KILLED', containerOf({ oomKilled: true }), 'act'],
    ['OOM_KILLED', containerOf({ oomKilled: true, restartCount: 1 }), 'adopt'],
    ['DB_UNREACHABLE', checked('healthy'), 'act'],
  ] as const)(
    'of a well container that was started before the failure, for %s (%#)',
    (errorType, seen, kind) => {
      expect(look({ ...seen, startedAt: before }, errorType).kind).toBe(kind);
    },
  );

  it("leaves what is well alone where nobody approved a program's request", () => {
    expect(look(checked('healthy'), 'OOM_KILLED', false)).toEqual({
      kind: 'adopt',
      reason: expect.stringMatching(
        /^it is well, and a program's word alone restarts nothing that is well/,
      ) as string,
    });
    expect(look(containerOf({ status: 'exited', exitCode: 2 }), 'OOM_KILLED', false).kind).toBe('act');
  });
});

describe('whether a restart happened', () => {
  it('shows in a StartedAt that moved, and nowhere else', () => {
    expect(restartHappened(before, containerOf({ startedAt: after }))).toBe(true);
    expect(restartHappened(before, containerOf({ startedAt: before }))).toBe(false);
    expect(restartHappened(before, containerOf({ startedAt: after, running: false }))).toBe(false);
    expect(restartHappened('0001-01-01T00:00:00Z', containerOf({ startedAt: before }))).toBe(true);
  });
});
