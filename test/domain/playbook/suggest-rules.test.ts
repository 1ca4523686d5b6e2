import { expect, it } from 'vitest';
import { suggestRules } from '../../../domain/playbook/suggest-rules.ts';
import { compilePattern } from '../../../domain/report/pattern.ts';

const failure = (id: string, message: string, errorType = 'UNKNOWN', occurrences = 1) => ({
  id,
  message,
  errorType,
  occurrences,
});

it('proposes a rule for each kind of failure that has no type, the most reported first', () => {
  const history = [
    failure('1', 'feed (a+b) is empty'),
    failure('2', 'supplier 4711 did not deliver in 30s', 'UNKNOWN', 5),
    failure('3', 'supplier 12 did not deliver in 2 minutes'),
    failure('4', 'supplier 9 did not deliver in 9s, as agreed', 'OWN_TYPE'),
    failure('5', '12345'),
  ];
  const suggested = suggestRules(history);
  expect(suggested).toMatchObject([
    { incidents: 2, occurrences: 6, alsoMatches: [{ errorType: 'OWN_TYPE', incidents: 1 }] },
    { incidents: 1, occurrences: 1, example: 'feed (a+b) is empty', alsoMatches: [] },
  ]);
  const compiled = compilePattern(suggested[0]?.pattern ?? '');
  if (!compiled.ok) throw new Error(compiled.reason);
  expect(compiled.pattern.test('supplier 77 did not deliver in 1s')).toBe(true);
  expect(compiled.pattern.test('supplier is away')).toBe(false);
});
