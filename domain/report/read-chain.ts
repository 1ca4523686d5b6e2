import type { Chain } from './chain.ts';
import { readGo, readLone, readPhp, readRuby, readRust } from './chain-others.ts';
import { readPython } from './chain-python.ts';
import { readStack } from './chain-stack.ts';
import type { Line } from './lines.ts';

const readers = [readPython, readStack, readGo, readPhp, readRuby, readRust];

/** So many lines may follow an exception before something else is taken for the end. */
const mayFollow = 15;

/**
 * The last exception that lines hold, with its chain, in whatever language. Null where they hold none, or where the
 * program went on for so long behind it that it can't be what ended it.
 */
export function readChain(lines: readonly Line[]): Chain | null {
  const found = readers.map((read) => read(lines)).filter((chain) => chain !== null);
  const last = found.toSorted((a, b) => b.last - a.last || a.first - b.first).at(0) ?? null;
  const lone = readLone(last === null ? lines : lines.slice(last.last + 1));
  if (lone !== null && last !== null && lone.first <= mayFollow) return last;
  const chain = lone ?? last;
  if (chain === null) return null;
  const behind = lines.slice((lone === null || last === null ? 0 : last.last + 1) + chain.last + 1);
  const spoken = behind.filter(({ text, calm }) => text.trim() !== '' && !calm);
  return spoken.length > mayFollow ? null : chain;
}
