import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Container } from '../../../domain/container/container.ts';
import { judge, type Condition } from '../../../domain/container/judge.ts';
import { containerOf } from '../loop-samples.ts';

const policies = {
  no: { name: 'no', maxRetries: 0 },
  always: { name: 'always', maxRetries: 0 },
  'unless-stopped': { name: 'unless-stopped', maxRetries: 0 },
  'on-failure': { name: 'on-failure', maxRetries: 0 },
  'on-failure:3': { name: 'on-failure', maxRetries: 3 },
} as const;
type Policy = keyof typeof policies;
const everyPolicy = Object.keys(policies) as Policy[];
const check = { intervalSec: 30, timeoutSec: 30, startPeriodSec: 0, retries: 3 };
const healths = ['healthy', 'unhealthy', 'starting'] as const;
const codes = [0, 1, 3, 125, 126, 127, 137, 139, 143, 255];

/** The states of a container that isn't up, and what each means, whatever health check, policy and exit code. */
const bySelf: Record<string, Condition> = {
  created: 'ill',
  restarting: 'ill',
  dead: 'ill',
  paused: 'held',
  removing: 'held',
};

describe('the judge of a running container', () => {
  it.each([
    ['no check', containerOf(), 'well'],
    ['healthy', containerOf({ health: 'healthy', healthCheck: check }), 'well'],
    ['starting', containerOf({ health: 'starting', healthCheck: check }), 'starting'],
    ['a check that has not begun', containerOf({ health: 'none', healthCheck: check }), 'starting'],
    ['unhealthy', containerOf({ health: 'unhealthy', healthCheck: check }), 'ill'],
    [
      'healthy, and killed for memory in an earlier run',
      containerOf({ oomKilled: true, restartCount: 1 }),
      'well',
    ],
  ] as const)('with %s', (_, container, is) => {
    for (const policy of everyPolicy)
      expect(judge({ ...container, restartPolicy: policies[policy] }).is).toBe(is);
  });
});

describe('the judge of a container that is not up', () => {
  const rows = Object.entries(bySelf).flatMap(([status, is]) =>
    everyPolicy.flatMap((policy) => codes.map((exitCode) => ({ status, policy, exitCode, is }))),
  );
  it.each(rows)('$status, policy $policy, exit code $exitCode: $is', ({ status, policy, exitCode, is }) => {
    for (const health of ['none', ...healths] as const) {
      const container = containerOf({ status, exitCode, health, restartPolicy: policies[policy] });
      expect(judge({ ...container, healthCheck: health === 'none' ? null : check }).is).toBe(is);
      expect(judge(container, { service: true }).is).toBe(is);
    }
  });

  const exited: [Policy, number, number, Condition][] = [
    ...codes.map((code): [Policy, number, number, Condition] => [
      'no',
      code,
      0,
      code === 0 ? 'finished' : 'ill',
    ]),
    ...codes.map((code): [Policy, number, number, Condition] => ['always', code, 2, 'held']),
    ...codes.map((code): [Policy, number, number, Condition] => ['unless-stopped', code, 0, 'held']),
    ...codes.map((code): [Policy, number, number, Condition] => [
      'on-failure',
      code,
      5,
      code === 0 ? 'finished' : 'held',
    ]),
    ...codes.map((code): [Policy, number, number, Condition] => [
      'on-failure:3',
      code,
      2,
      code === 0 ? 'finished' : 'held',
    ]),
    ...codes.map((code): [Policy, number, number, Condition] => [
      'on-failure:3',
      code,
      3,
      code === 0 ? 'finished' : 'ill',
    ]),
  ];
  it.each(exited)(
    'exited, policy %s, exit code %i, %i restarts: %s',
    (policy, exitCode, restartCount, is) => {
      const container = containerOf({
        status: 'exited',
        exitCode,
        restartCount,
        restartPolicy: policies[policy],
      });
      expect(judge(container).is).toBe(is);
      // What should always run is ill when it has ended, unless a person ended it.
      const expected = is === 'finished' ? 'ill' : is;
      expect(judge(container, { service: true }).is).toBe(expected);
      expect(judge({ ...container, publishesPorts: true }).is).toBe(expected);
      for (const health of healths)
        expect(judge({ ...container, health, healthCheck: check }).is).toBe(expected);
    },
  );

  it('takes a start that Docker could not make for what it is, whatever the policy, with Docker’s words', () => {
    const error = 'exec: "/bin/gone": stat /bin/gone: no such file or directory: unknown';
    for (const policy of everyPolicy) {
      const container = containerOf({
        status: 'exited',
        exitCode: 127,
        error,
        restartPolicy: policies[policy],
      });
      expect(judge(container)).toEqual({ is: 'ill', why: `Docker could not start it: ${error}` });
    }
    expect(judge(containerOf({ status: 'created', exitCode: 127, error })).why).toContain(error);
  });

  it('calls a kill a kill, and a lack of memory only what Docker calls one', () => {
    const killed = judge(containerOf({ status: 'exited', exitCode: 137 }));
    expect(killed.why).toContain('Docker saw no lack of memory');
    const starved = judge(containerOf({ status: 'exited', exitCode: 137, oomKilled: true }));
    expect(starved.why).toContain('killed for want of memory');
    expect(judge(containerOf({ status: 'exited', exitCode: 143 })).why).toContain('SIGTERM');
  });

  it('says what its last health check printed', () => {
    const container = containerOf({ health: 'unhealthy', healthCheck: check, healthOutput: 'no such route' });
    expect(judge(container).why).toBe('it runs, and its health check fails: no such route');
  });
});

describe('the judge of half an answer', () => {
  it.each([
    ['runs and doesn’t', { status: 'running', running: false }],
    ['is paused and isn’t', { status: 'paused', paused: false }],
    ['restarts and doesn’t', { status: 'restarting', restarting: false }],
    ['runs while it restarts', { status: 'running', restarting: true }],
    ['has exited and runs', { status: 'exited', running: true }],
    ['is dead and runs', { status: 'running', dead: true }],
    ['is in no state that Docker has', { status: 'hibernating', running: false }],
    ['says nothing', { status: '', running: false }],
  ] as const)('of a container that %s: unknown, with the words', (_, more) => {
    const judged = judge(containerOf(more));
    expect(judged.is).toBe('unknown');
    expect(judged.why).toMatch(/contradicts itself|doesn't know/);
  });

  it('never calls well what doesn’t run, is paused, restarts or fails its check, whatever else is said', () => {
    const anything: fc.Arbitrary<Partial<Container>> = fc.record({
      status: fc.constantFrom(
        'created',
        'running',
        'paused',
        'restarting',
        'removing',
        'exited',
        'dead',
        'odd',
      ),
      running: fc.boolean(),
      paused: fc.boolean(),
      restarting: fc.boolean(),
      dead: fc.boolean(),
      health: fc.constantFrom('none', ...healths),
      healthCheck: fc.constantFrom(null, check),
      exitCode: fc.constantFrom(...codes),
      restartCount: fc.nat(50),
      oomKilled: fc.boolean(),
      restartPolicy: fc.constantFrom(...Object.values(policies)),
      publishesPorts: fc.boolean(),
    });
    fc.assert(
      fc.property(anything, fc.boolean(), (more, service) => {
        const container = containerOf(more);
        const { is, why } = judge(container, { service });
        expect(why).not.toBe('');
        if (is !== 'well') return;
        expect(container).toMatchObject({
          status: 'running',
          running: true,
          paused: false,
          restarting: false,
        });
        expect(['healthy', 'none']).toContain(container.health);
        expect(container.dead).toBe(false);
      }),
    );
  });
});
