import { describe, expect, it } from 'vitest';
import { estateSchema } from '../../../domain/estate.ts';
import { lintPlaybooks } from '../../../domain/playbook/lint.ts';
import { playbookSchema } from '../../../domain/playbook/playbook.ts';

const estate = estateSchema.parse({
  hosts: {
    'ollama-188': {
      address: '192.0.2.188',
      user: 'ollama',
      identityFile: 'key',
      knownHostsFile: 'known_hosts',
    },
  },
  targets: {
    'momo-web': { host: 'ollama-188', aliases: ['web'] },
    'main-store': { host: 'ollama-188', container: 'momo-postgres' },
  },
});
const errorTypes = new Set(['DISK_FULL', 'CONTAINER_EXITED', 'DNS_FAIL']);

const lint = (fields: object, where: { estate?: typeof estate | null } = {}) =>
  lintPlaybooks(
    [playbookSchema.parse({ name: 'own', errorType: 'DISK_FULL', actionType: 'ALERT_ONLY', ...fields })],
    {
      errorTypes,
      estate,
      ...where,
    },
  ).map(({ field, reason }) => `${field}: ${reason}`);

describe('linting finds', () => {
  it.each([
    [
      'a type that no rule yields',
      { errorType: 'NEVER_SEEN' },
      'errorType: no classification rule yields NEVER_SEEN',
    ],
    [
      'an action for what nobody knows',
      { errorType: 'UNKNOWN', actionType: 'WAIT_RETRY' },
      'actionType: an unknown failure is ALERT_ONLY',
    ],
    ['a diagnosis without a command', { actionType: 'SSH_CMD' }, 'actionParams.command: SSH_CMD needs'],
    [
      'a command that is not on the list',
      { actionType: 'SSH_CMD', actionParams: { command: 'rm -rf /' } },
      'actionParams.command: ',
    ],
    [
      'a restart as a diagnosis',
      { actionType: 'SSH_CMD', actionParams: { command: 'docker restart momo-web' } },
      'actionParams.command: ',
    ],
    [
      'a fact that does not exist',
      { actionType: 'SSH_CMD', actionParams: { command: 'docker inspect {moon}' } },
      'facts are name',
    ],
    [
      'a command that nothing would run',
      { actionParams: { command: 'df -h' } },
      'actionParams.command: ALERT_ONLY runs no command',
    ],
    [
      'a probe that nothing would ask',
      { actionParams: { probe: { kind: 'container' } } },
      'actionParams.probe: ALERT_ONLY probes nothing',
    ],
    ['a pattern that can explode', { pattern: '(?=a)b' }, 'pattern: '],
    [
      'a protected target',
      { actionType: 'DOCKER_RESTART', actionParams: { target: 'momo-db' } },
      'actionParams.target: protected',
    ],
    [
      'a target that stands for a protected one',
      { actionType: 'DOCKER_RESTART', actionParams: { target: 'main-store' } },
      'actionParams.target: protected',
    ],
    [
      'a target that does not exist',
      { actionType: 'DOCKER_RESTART', actionParams: { target: 'momo-moon' } },
      'is no target of the estate file',
    ],
  ])('%s', (_, fields, found) => {
    expect(lint(fields).join('\n')).toContain(found);
  });

  it('a protected target also without an estate file', () => {
    expect(
      lint({ actionType: 'DOCKER_RESTART', actionParams: { target: 'momo-postgres' } }, { estate: null }),
    ).toHaveLength(1);
    expect(
      lint({ actionType: 'DOCKER_RESTART', actionParams: { target: 'momo-moon' } }, { estate: null }),
    ).toEqual([]);
  });

  it('nothing in playbooks that can run', () => {
    expect(
      lint({ actionType: 'SSH_CMD', actionParams: { command: 'docker logs --tail 100 {target}' } }),
    ).toEqual([]);
    expect(
      lint({ actionType: 'DOCKER_RESTART', errorType: 'CONTAINER_EXITED', actionParams: { target: 'web' } }),
    ).toEqual([]);
    expect(
      lint({ actionType: 'WAIT_RETRY', errorType: 'DNS_FAIL', actionParams: { probe: { kind: 'resolve' } } }),
    ).toEqual([]);
  });
});
