import { describe, expect, it } from 'vitest';
import { estateSchema } from '../../../domain/estate.ts';
import { checkCandidate } from '../../../domain/matching/candidate.ts';
import { lintPlaybooks } from '../../../domain/playbook/lint.ts';
import { authoriseAction } from '../../../domain/policy/action.ts';
import { judgeTarget } from '../../../domain/policy/judge-target.ts';
import { playbookOf } from '../loop-samples.ts';

const estate = estateSchema.parse({
  hosts: {
    'ollama-188': {
      ...{ address: '192.0.2.188', user: 'ollama', identityFile: 'key', knownHostsFile: 'known_hosts' },
    },
  },
  targets: {
    'momo-web': { host: 'ollama-188', aliases: ['web'] },
    'main-store': { host: 'ollama-188', container: 'momo-postgres' },
    cache: { host: 'ollama-188', container: 'app-cache', aliases: ['momo-redis'] },
  },
  protected: ['momo-redis'],
});

/** What each target may be, and who asks about it. */
const cases = [
  ['web', 'ok'],
  ['momo-web', 'ok'],
  ['momo-db', 'protected'],
  ['main-store', 'protected'],
  ['cache', 'protected'],
  ['momo-redis', 'protected'],
  ['nobody', 'unknown'],
  ['', 'empty'],
] as const;

describe.each(cases)('a restart of "%s"', (target, expected) => {
  const judged = judgeTarget(target, null, estate);
  const said = judged.ok ? 'ok' : judged.isProtected ? 'protected' : judged.rule;

  it(`is judged ${expected}`, () => {
    expect(said).toBe(expected);
  });

  it('is judged the same where a program asks for it, where a playbook wants it, and where a playbook is written', () => {
    const asked = authoriseAction({ type: 'DOCKER_RESTART', target }, { estate });
    expect(asked.ok ? 'ok' : asked.rule).toBe(judged.ok ? 'ok' : judged.rule);

    const nowhere = { host: null, target: null, container: null };
    const wanted = checkCandidate(playbookOf('DOCKER_RESTART'), {
      ...{ estate, errorType: 'CONTAINER_EXITED', facts: {}, place: nowhere, namedHost: null },
      namedTarget: target,
    }).check;
    const kind = expected === 'ok' ? 'ready' : expected === 'protected' ? 'protected' : 'refused';
    expect(wanted).toMatchObject({ kind, ...(judged.ok ? {} : { reason: judged.reason }) });

    if (target === '') return;
    const written = lintPlaybooks([playbookOf('DOCKER_RESTART', { actionParams: { target } })], {
      errorTypes: new Set(['CONTAINER_UNHEALTHY']),
      estate,
    });
    expect(written.map(({ reason }) => reason)).toEqual(
      judged.ok ? [] : [`${judged.reason}; ${judged.wayForward}`],
    );
  });
});

it('a playbook written without an estate file at hand may still not name what is protected for ever', () => {
  const lint = (target: string) =>
    lintPlaybooks([playbookOf('DOCKER_RESTART', { actionParams: { target } })], {
      errorTypes: new Set(['CONTAINER_UNHEALTHY']),
      estate: null,
    });
  expect(lint('momo-db')).toHaveLength(1);
  expect(lint('nobody')).toEqual([]);
});
