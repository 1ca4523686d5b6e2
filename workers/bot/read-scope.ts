import { parseDuration } from '../../client/cli/parse.ts';
import type { Estate } from '../../domain/estate.ts';
import type { PauseScope } from '../../domain/guard/guard.ts';
import { resolveTarget } from '../../domain/policy/target.ts';

/** `unread`: a word that means nothing here; `unknown`: a host or target that the estate file doesn't have. */
export type ScopeProblem = { ok: false; problem: 'missing' | 'unread' | 'unknown' | 'length'; word: string };

export type ReadScope = { ok: true; scope: PauseScope } | ScopeProblem;
export type ReadPause = { ok: true; scope: PauseScope; forMs: number; reason: string } | ScopeProblem;

/**
 * What is paused or goes on: `estate`, `host:NAME` or `target:NAME`. Anything else is an error and never the estate:
 * a word that is not read must not switch off, or on, more than was meant. Letters may be large, as the keyboard of
 * a phone writes the first one.
 */
export function readScope(word: string | undefined, estate: Estate): ReadScope {
  if (word === undefined) return { ok: false, problem: 'missing', word: '' };
  if (/^estate$/i.test(word)) return { ok: true, scope: { kind: 'estate', name: '' } };
  const [, kind, name = ''] = /^(host|target):(.+)$/i.exec(word) ?? [];
  if (kind === undefined) return { ok: false, problem: 'unread', word };
  const unknown: ScopeProblem = { ok: false, problem: 'unknown', word: name };
  if (kind.toLowerCase() === 'host') {
    const host = spelt(name, Object.keys(estate.hosts));
    return host === null ? unknown : { ok: true, scope: { kind: 'host', name: host } };
  }
  const named = Object.entries(estate.targets).flatMap(([key, { container, aliases }]) => [
    key,
    ...aliases,
    ...(container === undefined ? [] : [container]),
  ]);
  const target = resolveTarget(spelt(name, named), null, estate);
  return target.ok ? { ok: true, scope: { kind: 'target', name: target.targetKey } } : unknown;
}

/** `SCOPE LENGTH REASON…` */
export function readPause([first, length, ...reason]: readonly string[], estate: Estate): ReadPause {
  const read = readScope(first, estate);
  if (!read.ok) return read;
  const forMs = lengthOf(length);
  if (forMs === null) return { ok: false, problem: 'length', word: length ?? '' };
  if (reason.length === 0) return { ok: false, problem: 'missing', word: '' };
  return { ...read, forMs, reason: reason.join(' ') };
}

export function lengthOf(word: string | undefined): number | null {
  try {
    return parseDuration('/pause', word?.toLowerCase() ?? '');
  } catch {
    return null;
  }
}

/** `SCOPE`, and nothing after it. */
export function readResume([first, ...more]: readonly string[], estate: Estate): ReadScope {
  const [unread] = more;
  return unread === undefined ? readScope(first, estate) : { ok: false, problem: 'unread', word: unread };
}

/** The name as the estate file spells it: exactly, or the only one that differs in nothing but large letters. */
function spelt(name: string, known: readonly string[]): string | null {
  if (known.includes(name)) return name;
  const alike = new Set(known.filter((one) => one.toLowerCase() === name.toLowerCase()));
  const [only] = alike;
  return alike.size === 1 && only !== undefined ? only : null;
}
