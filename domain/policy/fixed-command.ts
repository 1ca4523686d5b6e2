import type { Estate } from '../estate.ts';
import { quoteArgv } from './shell-argument.ts';
import { interpreterOf, wrongArguments } from './fixed/interpreter.ts';
import { kindMeans, refusedWord } from './fixed/judge-word.ts';
import { protectedForEver, protectedNameIn } from './protected-name.ts';
import { refusal, shown, type PolicyRefusal } from './refusal.ts';

type Programs = Pick<Estate, 'programs' | 'protected'>;

const inAScript = 'put the work into a script on that machine and name the script by its absolute path';

/**
 * The words as they are run: a program that the estate's `programs` list knows by name becomes its absolute path,
 * so that no search path has a say in it.
 */
export function asRun(argv: readonly string[], { programs }: Pick<Estate, 'programs'>): string[] {
  const [program = '', ...args] = argv;
  return [(Object.hasOwn(programs, program) ? programs[program] : undefined) ?? program, ...args];
}

/**
 * Checks a command line that an operator wrote into the estate file (a task, `codeFix`), whether it runs here or on
 * a host. It names one program by absolute path, or by a name under `programs`; no word of it may run other
 * commands, or reach a container engine, its socket, a service manager or the power button, wherever it stands:
 * even the operator's own file may not take momo-db off the protection (ADR-013 A8). What a script holds is the
 * operator's. Null: nothing is wrong with it.
 */
export function fixedCommandRefusal(argv: readonly string[], estate: Programs): PolicyRefusal | null {
  const quoted = quoteArgv(argv);
  if (!quoted.ok) return refusal('character', quoted.reason, inAScript);
  const [named = ''] = argv;
  const run = asRun(argv, estate);
  const [program = '', ...args] = run;
  for (const word of new Set([named, program, ...args])) {
    const kind = refusedWord(word);
    if (kind !== null) return wrong(word, kind, kindMeans[kind]);
  }
  if (!/^(?:\/[A-Za-z0-9_@+-][A-Za-z0-9_.@+-]*)+$/.test(program)) {
    const reason = `"${shown(program)}" is refused by the rule program-path: it is neither an absolute path nor a name under programs`;
    const way = `write its absolute path, or add it to programs in the estate file: programs: { ${shown(named)}: /usr/bin/${shown(named.split('/').at(-1) ?? '')} }`;
    return refusal('fixed-command', reason, way);
  }
  for (const [at, word] of run.entries()) {
    const interpreter = interpreterOf(word);
    if (interpreter === null) continue;
    const found = wrongArguments(interpreter, run.slice(at + 1), at === 0);
    if (found !== null) return wrong(found.word, 'inline-code', found.why);
  }
  return namesProtected(argv, estate);
}

function wrong(word: string, rule: string, why: string): PolicyRefusal {
  return refusal('fixed-command', `"${shown(word)}" is refused by the rule ${rule}: ${why}`, inAScript);
}

function namesProtected(argv: readonly string[], estate: Programs): PolicyRefusal | null {
  const protectedNames = [...protectedForEver, ...estate.protected];
  for (const word of argv) {
    const by = word
      .split(/[=:/,@]/)
      .map((part) => protectedNameIn(part, protectedNames))
      .find((found) => found !== null);
    if (by != null) {
      return refusal('protected-name', `"${shown(word)}" names ${by}, which is protected`, 'leave it out');
    }
  }
  return null;
}
