import { describe, expect, it } from 'vitest';
import { checkCandidate } from '../../../domain/matching/candidate.ts';
import { estateSchema } from '../../../domain/estate.ts';
import { playbookSchema } from '../../../domain/playbook/playbook.ts';
import { classify } from '../../../domain/report/classify.ts';
import { describeClassification } from '../../../domain/report/describe-classification.ts';
import { sources } from '../../../domain/vocabulary/vocabulary.ts';
import { isWitness } from '../../../domain/report/witness.ts';
import { readPlaybooks } from '../../../settings/read-playbooks.ts';

describe('what a container is said to be', () => {
  it('is seen by monitoring and by people, and only quoted by programs', () => {
    expect(sources.filter((source) => isWitness({ source }))).toEqual([
      'alertmanager',
      'grafana',
      'cli',
      'canary',
    ]);
    expect(isWitness({ source: 'alertmanager', action: { type: 'DOCKER_RESTART' } })).toBe(false);
  });

  const estate = estateSchema.parse({
    hosts: { h1: { address: '192.0.2.1', user: 'a' } },
    targets: { 'momo-scheduler': { host: 'h1' }, 'momo-web': { host: 'h1', aliases: ['web'] } },
  });
  const restart = playbookSchema.parse({
    name: 'container-unhealthy',
    errorType: 'CONTAINER_UNHEALTHY',
    actionType: 'DOCKER_RESTART',
  });
  const place = { host: 'h1', target: 'momo-scheduler', container: 'momo-scheduler' };
  const check = (facts: Record<string, string>) =>
    checkCandidate(restart, {
      estate,
      errorType: 'CONTAINER_UNHEALTHY',
      facts,
      place,
      namedTarget: 'momo-scheduler',
      namedHost: null,
    }).check;

  it("never restarts a job's own container for what the job says of another one", () => {
    expect(check({ container: 'momo-web' })).toEqual({
      kind: 'unplaced',
      reason: 'momo-scheduler was not restarted: the report is about momo-web, another container',
    });
    expect(check({ container: 'web' }).kind).toBe('unplaced');
    expect(check({ container: 'momo-scheduler' }).kind).toBe('ready');
    expect(check({}).kind).toBe('ready');
  });
});

describe('what decided', () => {
  const { rules } = readPlaybooks();
  const line = (message: string, type?: string) =>
    describeClassification(
      classify({ source: 'task', error: { message, ...(type === undefined ? {} : { type }) } }, rules),
    );

  it.each([
    [
      'could not translate host name "momo-postgres" to address: Name or service not known',
      undefined,
      /^classified as DNS_FAIL, P2 by "could not translate host name "momo-postgres"" at the end \(rules\.yaml#\d+\)$/,
    ],
    [
      "'price'",
      'KeyError',
      /^classified as CODE_ERROR, P3 by the exception KeyError at the end \(before-codes\.yaml#\d+\)$/,
    ],
    [
      '[Errno 111] Connection refused',
      undefined,
      /^classified as CONNECTION_REFUSED, P2 by errno ECONNREFUSED at the end \(codes\.yaml, errno ECONNREFUSED\); the report does not say its host and port$/,
    ],
    ['the flux capacitor is out of phase', undefined, /^classified as UNKNOWN, P3 \(no rule matches\)$/],
  ])('is one line that a person understands: %s', (message, type, expected) => {
    expect(line(message, type)).toMatch(expected);
  });
});
