import { expect, it } from 'vitest';
import { lintRules } from '../../../domain/playbook/lint-rules.ts';
import { readPlaybooks } from '../../../settings/read-playbooks.ts';

it('tells what a rule of the older form reads beyond what was meant', () => {
  const notes = lintRules('own.yaml', [
    { errorType: 'OWN', any: 'stock is locked' },
    { errorType: 'CONTAINER_EXITED', anywhere: 'exited' },
    { errorType: 'OWN', type: 'StockError$', anywhere: 'status 423' },
  ]);
  expect(notes.map(({ rule, note }) => `${rule}: ${note}`)).toEqual([
    expect.stringMatching(/^2: "anywhere" reads older lines .*a restart may come of one.*"any"/),
    expect.stringMatching(/^3: "anywhere" reads older lines of the output too: /),
    expect.stringMatching(/^3: "type" .*"exception"/),
    expect.stringMatching(/^3: a number .*"codes"/),
  ]);
});

it('has nothing to say of the shipped rules', () => {
  const { files } = readPlaybooks();
  expect(files.flatMap(({ file, content }) => lintRules(file, content.rules ?? []))).toEqual([]);
});
