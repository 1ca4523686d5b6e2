import { describe, expect, it } from 'vitest';
import { lookBeforeActing, restartHappened } from '../../domain/adopt.ts';
import { containerOf } from './loop-samples.ts';

const failedAt = '2026-04-19T03:00:00Z';
const before = '2026-04-19T02:00:00.123456789Z';
const after = '2026-04-19T03:00:01.123456789Z';

describe('the last look before a restart', () => {
  it.each([
    ['an unhealthy container', { health: 'unhealthy' }, 'act'],
    ['one that has exited', { running: false, status: 'exited' }, 'act'],
    ['one that is still starting', { health: 'starting', startedAt: after }, 'act'],
    ['one restarted since, and unhealthy again', { health: 'unhealthy', startedAt: after }, 'act'],
    ['one restarted since the failure, and well', { startedAt: after }, 'adopt'],
    ['one restarted since, without a health check', { startedAt: after, health: 'none' }, 'adopt'],
  ] as const)('of %s', (_, seen, kind) => {
    expect(lookBeforeActing(containerOf(seen), 'UNKNOWN_YET', failedAt).kind).toBe(kind);
  });

  it.each([
    ['CONTAINER_UNHEALTHY', 'healthy', 'adopt'],
    ['CONTAINER_UNHEALTHY', 'none', 'act'],
    ['CONTAINER_EXITED', 'healthy', 'adopt'],
    ['CONTAINER_EXITED', 'none', 'adopt'],
    ['OOM_KILLED', 'healthy', 'act'],
    ['DB_UNREACHABLE', 'healthy', 'act'],
  ] as const)(
    'of a container that was never restarted, for %s with health %s: %s',
    (errorType, health, kind) => {
      expect(lookBeforeActing(containerOf({ health, startedAt: before }), errorType, failedAt).kind).toBe(
        kind,
      );
    },
  );

  it("leaves what is well alone where nobody approved a program's request", () => {
    const look = lookBeforeActing(containerOf({ startedAt: before }), 'OOM_KILLED', failedAt, false);
    expect(look).toEqual({ kind: 'adopt', reason: 'it is well, and nobody approved restarting it' });
    expect(lookBeforeActing(containerOf({ running: false }), 'OOM_KILLED', failedAt, false).kind).toBe('act');
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
