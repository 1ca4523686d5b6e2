import type { Container } from '../../domain/container/container.ts';
import type { Candidate, CandidateCheck, Facts, Place } from '../../domain/incident/decide.ts';
import type { Pause } from '../../domain/guard/guard.ts';
import { playbookSchema, type Playbook } from '../../domain/playbook/playbook.ts';

/** Parts of the loop for tests of its pure functions. */

export const place: Place = { host: 'ollama-188', target: 'momo-web', container: 'momo-web' };

export const playbookOf = (actionType: Playbook['actionType'], more: object = {}): Playbook =>
  playbookSchema.parse({
    name: actionType.toLowerCase().replace('_', '-'),
    errorType: 'CONTAINER_UNHEALTHY',
    actionType,
    ...more,
  });

export const candidateOf = (
  actionType: Playbook['actionType'],
  check: CandidateCheck = { kind: 'ready', command: null },
): Candidate => ({ playbook: playbookOf(actionType), place, check });

export const factsOf = (more: Partial<Facts> = {}): Facts => ({
  pauses: [],
  requested: null,
  candidates: [],
  unknown: false,
  ...more,
});

export const pauseOf = (until: string | null): Pause => ({
  holdId: 'pause/estate',
  runId: 'run',
  scope: { kind: 'estate', name: '' },
  owner: 'alice',
  reason: 'maintenance',
  until,
});

/** A container as docker would describe it in this state: its flags go with it, unless they are given too. */
export const containerOf = (more: Partial<Container> = {}): Container => {
  const { status = 'running' } = more;
  return {
    id: 'a'.repeat(64),
    name: 'momo-web',
    image: 'momo/web:2026.4',
    labels: {},
    networkAliases: [],
    running: ['running', 'paused', 'restarting'].includes(status),
    paused: status === 'paused',
    restarting: status === 'restarting',
    dead: status === 'dead',
    status,
    health: 'none',
    healthCheck: null,
    healthOutput: '',
    createdAt: '2026-04-18T02:00:00.123456789Z',
    startedAt: '2026-04-19T02:00:00.123456789Z',
    finishedAt: '0001-01-01T00:00:00Z',
    restartCount: 0,
    restartPolicy: { name: 'no', maxRetries: 0 },
    exitCode: 0,
    oomKilled: false,
    error: '',
    publishesPorts: false,
    networkMode: 'momo_default',
    networks: ['momo_default'],
    addresses: [],
    hostPorts: [],
    dataSigns: [],
    ...more,
  };
};

/** One with a health check that says so. */
export const checked = (health: 'healthy' | 'unhealthy' | 'starting', more: Partial<Container> = {}) =>
  containerOf({
    health,
    healthCheck: { intervalSec: 30, timeoutSec: 30, startPeriodSec: 0, retries: 3 },
    ...more,
  });
