import { expect, it } from 'vitest';
import { checkCandidate } from '../../domain/matching/candidate.ts';
import { decide } from '../../domain/incident/decide.ts';
import { estateSchema } from '../../domain/estate.ts';
import { factsOf, playbookOf } from '../domain/loop-samples.ts';

const estate = estateSchema.parse({ hosts: { 'ollama-188': { address: '192.0.2.188', user: 'ollama' } } });
const advice = { en: 'Free space by hand.' };
const diskFull = playbookOf('SSH_CMD', {
  errorType: 'DISK_FULL',
  actionParams: { command: 'df -h', advice },
});
const decisionFor = (named: { namedHost: string | null; namedTarget: string | null }) => {
  const place = { host: null, target: null, container: null };
  const candidate = checkCandidate(diskFull, { estate, errorType: 'DISK_FULL', facts: {}, place, ...named });
  return decide(factsOf({ candidates: [candidate] }));
};

it.each([
  [
    { namedHost: 'web-01.example', namedTarget: null },
    'df -h was not run: "web-01.example" is not in the estate file',
  ],
  [{ namedHost: null, namedTarget: 'other' }, 'df -h was not run: "other" is not in the estate file'],
  [{ namedHost: null, namedTarget: null }, 'df -h was not run: the report names neither a host nor a target'],
])('a diagnosis that has no place is told with the advice of its playbook: %j', (named, reason) => {
  expect(decisionFor(named)).toMatchObject({
    kind: 'alert',
    rule: 10,
    playbook: diskFull,
    reason,
    refused: null,
  });
});
