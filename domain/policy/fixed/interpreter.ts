import { readingsOf } from './judge-word.ts';
import { interpreters, refusedModules } from './refused-words.ts';

/** Options that may stand before an interpreter's file: none that takes code, loads code or opens a door. */
const harmlessOptions: Readonly<Record<string, RegExp>> = {
  python: /^(?:-[uBEIsSOqv]+|-X[a-z_]+(?:=[0-9]+)?|-W[a-z]+)$/,
  node: /^--(?:max-old-space-size=[0-9]+|max-semi-space-size=[0-9]+|enable-source-maps|no-warnings|trace-warnings|unhandled-rejections=[a-z-]+)$/,
  java: /^-(?:Xm[sxn][0-9]+[kmgKMG]?|Xss[0-9]+[kmgKMG]?|server|ea|D[A-Za-z0-9._-]+=[A-Za-z0-9._/-]+|XX:[+-]Use[A-Za-z0-9]+)$/,
  perl: /^-[wWtT]+$/,
  ruby: /^-[wW][012]?$/,
  php: /^-[qn]$/,
  deno: /^--allow-(?:net|read|env)(?:=[A-Za-z0-9._/,-]+)?$/,
};
const sameAs: Readonly<Record<string, string>> = { pypy: 'python', nodejs: 'node' };
const moduleName = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/** The interpreter that this word names, or null. */
export function interpreterOf(word: string): string | null {
  const found = readingsOf(word).find((reading) => interpreters.includes(reading));
  return found === undefined ? null : (sameAs[found] ?? found);
}

/**
 * What is wrong with the arguments of an interpreter, as the word and why, or null: it runs one module or one file.
 * @param wanted whether something must follow: an interpreter alone would read code from its input
 */
export function wrongArguments(
  interpreter: string,
  args: readonly string[],
  wanted: boolean,
): { word: string; why: string } | null {
  const harmless = harmlessOptions[interpreter];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (interpreter === 'python' && word.startsWith('-m')) {
      return wrongModule(word, word === '-m' ? (args[at + 1] ?? '') : word.slice(2));
    }
    if (interpreter === 'java' && word === '-jar') return wrongFile(args[at + 1] ?? '');
    if (interpreter === 'java' && /^(?:-cp|-classpath|--class-path)$/.test(word)) {
      at += 1;
      continue;
    }
    if (interpreter === 'php' && word === '-f') return wrongFile(args[at + 1] ?? '');
    if ((interpreter === 'deno' || interpreter === 'bun') && word === 'run') continue;
    if (harmless?.test(word) === true) continue;
    if (word.startsWith('-') || word.startsWith('+') || word.startsWith('@')) {
      return { word, why: `${interpreter} takes code by it, or loads some` };
    }
    return wrongFile(word);
  }
  return wanted ? { word: interpreter, why: 'it names neither a module nor a file to run' } : null;
}

function wrongModule(word: string, name: string): { word: string; why: string } | null {
  if (!moduleName.test(name)) return { word, why: 'no module follows it' };
  return isRefusedModule(name)
    ? { word: name, why: 'this module drives containers or runs other code' }
    : null;
}

function wrongFile(file: string): { word: string; why: string } | null {
  if (!/^[A-Za-z0-9_./][A-Za-z0-9_./+-]*$/.test(file)) {
    return { word: file, why: 'an interpreter runs a file of this machine' };
  }
  if (/^(?:repl|eval|inspect|task|x|exec|test|install|add|init|console|server)$/i.test(file)) {
    return { word: file, why: 'it is a command of the interpreter, not a file' };
  }
  const parts = file.split('/');
  const library = parts.findIndex((part) =>
    /^(?:site|dist)-packages$|^(?:lib-)?python[0-9.]*$|^node_modules$/i.test(part),
  );
  const inside = library === -1 ? [] : parts.slice(library + 1);
  const refused = inside.find((part) => isRefusedModule(part.replace(/\.pyc?$/i, '')));
  return refused === undefined
    ? null
    : { word: file, why: 'this module drives containers or runs other code' };
}

const isRefusedModule = (name: string): boolean =>
  refusedModules.includes((name.split('.')[0] ?? '').toLowerCase());
