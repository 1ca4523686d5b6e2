import { quoteArgv } from './shell-argument.ts';
import { allowlist, type CommandTemplate } from './allowlist.ts';
import { parameterShapes, templateWord, type TemplateWord } from './parameter.ts';
import { refusal, shown, type PolicyRefusal } from './refusal.ts';

/** A command line that policy accepts: run exactly `argv`, for at most `timeoutMs`, keep `maxOutputBytes`. */
export interface AllowedCommand {
  ok: true;
  template: string;
  argv: readonly string[];
  timeoutMs: number;
  maxOutputBytes: number;
}

export type CommandDecision = AllowedCommand | PolicyRefusal;

/** The parts of the command policy. Tests break one at a time to prove that the attack tests can fail. */
export interface CommandRules {
  templates: readonly CommandTemplate[];
  shapes: typeof parameterShapes;
  maxLength: number;
  /** Splits a line into words, or null where its spacing is not one single space between words. */
  split: (line: string) => string[] | null;
  /** Null when every word is made of permitted characters only, else what is wrong. */
  strangerIn: (argv: readonly string[]) => string | null;
  /** Whether words may follow those of the template. */
  trailingWords: boolean;
}

export const standardRules: CommandRules = {
  templates: allowlist,
  shapes: parameterShapes,
  maxLength: 2000,
  split: (line) => (/^ | {2}| $/.test(line) ? null : line.split(' ')),
  strangerIn: (argv) => {
    const quoted = quoteArgv(argv);
    return quoted.ok ? null : quoted.reason;
  },
  trailingWords: false,
};

export type MatchCommand = (commandLine: string | readonly string[]) => CommandDecision;

/** Compiles a command policy once. `matchCommand` is the one that the product uses. */
export function createCommandPolicy(rules: CommandRules): MatchCommand {
  const templates = rules.templates.map((template) => ({
    template,
    words: template.pattern.split(' ').map((word) => templateWord(word, rules.shapes)),
  }));
  return (commandLine) => {
    const argv = readWords(commandLine, rules);
    if (!Array.isArray(argv)) return argv;
    for (const { template, words } of templates) {
      const fits = rules.trailingWords ? argv.length >= words.length : argv.length === words.length;
      if (fits && words.every((word, at) => word.accepts(argv[at] ?? ''))) {
        const { pattern, timeoutMs, maxOutputBytes } = template;
        return { ok: true, template: pattern, argv, timeoutMs, maxOutputBytes };
      }
    }
    return explain(
      argv,
      templates.map(({ words }) => words),
    );
  };
}

/**
 * Whether this command line, or argument list, is exactly one of the allowlist (ADR-013 A7). A line is split at
 * single spaces and is never unquoted or expanded. The answer's `argv` is what to run; nothing is thrown.
 */
export const matchCommand: MatchCommand = createCommandPolicy(standardRules);

function readWords(commandLine: string | readonly string[], rules: CommandRules): string[] | PolicyRefusal {
  const length = typeof commandLine === 'string' ? commandLine.length : commandLine.join(' ').length;
  if (length === 0) return refusal('empty', 'there is no command', 'name a command of the allowlist');
  if (length > rules.maxLength) {
    const reason = `the command has ${length} characters; at most ${rules.maxLength} are allowed`;
    return refusal('too-long', reason, 'use a shorter command of the allowlist');
  }
  const words = typeof commandLine === 'string' ? rules.split(commandLine) : [...commandLine];
  if (words === null) {
    const reason = `"${shown(commandLine as string)}" has a leading, trailing or double space`;
    return refusal('spacing', reason, 'put exactly one space between words');
  }
  const stranger = rules.strangerIn(words);
  if (stranger === null) return words;
  return refusal('character', stranger, 'write the command without quotes, expansions or shell characters');
}

/** Names the nearest template, so that a person sees which word is wrong. */
function explain(argv: readonly string[], templates: readonly TemplateWord[][]): PolicyRefusal {
  let nearest: TemplateWord[] = [];
  let common = 0;
  for (const words of templates) {
    const firstMiss = words.findIndex((word, at) => !word.accepts(argv[at] ?? ''));
    const matched = firstMiss === -1 ? words.length : firstMiss;
    if (matched > common) [nearest, common] = [words, matched];
  }
  const line = shown(argv.join(' '));
  const way = 'use a command of the allowlist (docs/security.md), or do it by hand on the host';
  if (common === 0) return refusal('not-listed', `"${line}" is not on the allowlist`, way);
  const pattern = nearest.map((word) => word.shown).join(' ');
  const wanted = nearest[common];
  const found = argv[common];
  if (wanted?.expected != null && found !== undefined) {
    const reason = `"${shown(found)}" in "${line}" is not ${wanted.expected}`;
    return refusal('parameter', reason, `write it as: ${pattern}`);
  }
  return refusal('not-listed', `"${line}" is not on the allowlist; the nearest is: ${pattern}`, way);
}
