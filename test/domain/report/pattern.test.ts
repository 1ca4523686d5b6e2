import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../domain/report/pattern.ts';

/** Patterns that take a backtracking engine exponential or quadratic time, each with a text that provokes it. */
const explosions: [string, string][] = [
  ['^(a+)+$', `${'a'.repeat(100_000)}!`],
  ['^(a|aa)+$', `${'a'.repeat(100_000)}!`],
  ['^(a|a?)+$', `${'a'.repeat(100_000)}!`],
  ['(x+x+)+y', 'x'.repeat(100_000)],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(100_000)],
  ['^(\\w+\\s?)*$', `${'word '.repeat(20_000)}!`],
  ['(.*)(.*)(.*)(.*)(.*)=', 'a'.repeat(100_000)],
  ['\\s+$', `${' '.repeat(100_000)}x`],
  ['([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}x', 'a'.repeat(100_000)],
  ['(?i)(?:timed? ?out|50[234])[^\\n]{0,200}?(?P<url>https?://[a-z.]{1,253})', 'timeout 504 '.repeat(8000)],
];

describe('a pattern', () => {
  it.each(explosions)('%s is linear in its text', (source, text) => {
    const compiled = compilePattern(source);
    if (!compiled.ok) throw new Error(compiled.reason);
    const started = performance.now();
    compiled.pattern.find(text);
    // A backtracking engine would take years; seconds allow for a busy machine.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('captures named groups and leaves out those that took no part', () => {
    const compiled = compilePattern('host (?P<host>\\w+)(?: port (?P<port>\\d+))?');
    expect(compiled.ok && compiled.pattern.find('on host db')).toEqual({ host: 'db' });
    expect(compiled.ok && compiled.pattern.find('nothing')).toBeNull();
  });

  it.each([
    '(',
    '[',
    '(?=a)',
    '(?<=a)b',
    '(a)\\1',
    'a{2000}',
    '((a{100}){100}){100}',
    '\\p{Nope}',
    '(?:a{500}){11}',
  ])('that is %s is refused with a reason', (source) => {
    const compiled = compilePattern(source);
    expect(compiled.ok).toBe(false);
    expect(!compiled.ok && compiled.reason.length).toBeGreaterThan(10);
  });
});
