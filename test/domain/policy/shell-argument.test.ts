import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteArgv } from '../../../domain/policy/shell-argument.ts';

const id = 'a'.repeat(64);
const reasonOf = (argv: readonly string[]): string => {
  const quoted = quoteArgv(argv);
  return quoted.ok ? `accepted as ${quoted.commandLine}` : quoted.reason;
};

describe('quoteArgv', () => {
  it('quotes every word and puts one space between words', () => {
    expect(quoteArgv(['docker', 'restart', '-t', '10', id])).toEqual({
      ok: true,
      commandLine: `'docker' 'restart' '-t' '10' '${id}'`,
    });
  });

  it.each([
    [[], 'there is no program'],
    [[''], 'the program is empty'],
    [['docker', ''], 'argument 1 is empty'],
    [['docker', 'a b'], 'a space'],
    [['docker', "a'b"], "the character '"],
    [['docker', '$(id)'], 'the character $'],
    [['docker', 'a;b'], 'the character ;'],
    [['docker', 'a\nb'], 'U+000A'],
    [['docker', 'a\0b'], 'U+0000'],
    [['docker', 'mоmo-db'], 'U+043E'],
    [['docker', '{{json'], 'the character {'],
    [['docker', 'x'.repeat(256)], 'at most 255'],
    [['docker', ...Array.from({ length: 20 }, () => 'x'.repeat(200))], 'at most 2000'],
  ])('refuses %j', (argv: string[], reason) => {
    expect(reasonOf(argv)).toContain(reason);
  });

  it('gives sh back exactly the words that went in, or refuses them', () => {
    const word = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'abZ09_./:=@%+,-'), minLength: 1, maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const lines: string[] = [];
    const expected: string[] = [];
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        const quoted = quoteArgv(argv);
        if (!quoted.ok) return;
        lines.push(`printf '%s\\n' ${quoted.commandLine}; printf '\\n'`);
        expected.push(`${argv.join('\n')}\n\n`);
      }),
      { numRuns: 2000 },
    );
    expect(lines.length).toBeGreaterThan(50);
    expect(execFileSync('sh', { input: lines.join('\n'), encoding: 'utf8' })).toBe(expected.join(''));
  });
});
