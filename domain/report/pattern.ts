import { RE2JS } from 're2js';

/** A compiled pattern that takes time linear in its text: no report can hang a worker with one. */
export interface Pattern {
  source: string;
  test(text: string): boolean;
  /** The named groups of the first match, or null where there is none. Groups that took no part are left out. */
  find(text: string): Record<string, string> | null;
  /** The first match: what it matched, and its named groups. Null where there is none. */
  match(text: string): { found: string; groups: Record<string, string> } | null;
}

export type CompiledPattern = { ok: true; pattern: Pattern } | { ok: false; reason: string };

/** Steps of the compiled program, which matching time is proportional to. */
const maxProgramSize = 5000;

/**
 * Compiles an RE2 pattern: named groups are `(?P<name>…)`, flags `(?i)`; backreferences and look-around, which
 * cannot be matched in linear time, are refused with the reason. Never throws.
 */
export function compilePattern(source: string): CompiledPattern {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
  if (compiled.programSize() > maxProgramSize) {
    const reason = `the pattern is too large: ${compiled.programSize()} steps, at most ${maxProgramSize}; use smaller repeats`;
    return { ok: false, reason };
  }
  const match = (text: string) => {
    // Forty times as fast as the matcher, and most rules don't match.
    if (!compiled.test(text)) return null;
    const matcher = compiled.matcher(text);
    if (!matcher.find()) return null;
    const named = Object.entries(matcher.getNamedGroups());
    const groups = Object.fromEntries(named.filter((group): group is [string, string] => group[1] !== null));
    return { found: matcher.group() ?? '', groups };
  };
  const find = (text: string) => match(text)?.groups ?? null;
  return { ok: true, pattern: { source, test: (text) => compiled.test(text), find, match } };
}
