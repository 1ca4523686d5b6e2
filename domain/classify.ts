import { readFacts } from './facts.ts';
import { fingerprintOf } from './fingerprint.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import type { Classification, ClassificationRule } from './playbook.ts';
import type { Report } from './report.ts';
import { readTraceback } from './traceback.ts';

/** Bounds on what is read of a report: the head of its message, the tail of its traceback, in characters. */
const messageHead = 8192;
const tracebackTail = 32_768;

const fields = ['type', 'message', 'traceback', 'anywhere'] as const;
type Field = (typeof fields)[number];

/** A rule with where it was written: file name and its number in the file's list, from 1. */
export type RuleWithOrigin = ClassificationRule & { origin: { file: string; number: number } };

interface CompiledRule {
  rule: RuleWithOrigin;
  patterns: [Field, Pattern][];
}

/** Rules ready to use. Made by `compileRules` only. */
export interface CompiledRules {
  rules: readonly CompiledRule[];
}

/** Thrown when rules hold a pattern that cannot be used; `problems` has a line for each. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Numbers the rules of one file. */
export function rulesOf(file: string, rules: readonly ClassificationRule[]): RuleWithOrigin[] {
  return rules.map((rule, index) => ({ ...rule, origin: { file, number: index + 1 } }));
}

/**
 * Compiles classification rules in the order given.
 * @throws RuleError naming file, rule number and field of every bad pattern, and of a rule without any
 */
export function compileRules(rules: readonly RuleWithOrigin[]): CompiledRules {
  const problems: string[] = [];
  const compiled = rules.map((rule): CompiledRule => {
    const where = `${rule.origin.file}, rule ${rule.origin.number} (${rule.errorType})`;
    const patterns: [Field, Pattern][] = [];
    for (const field of fields) {
      const source = rule[field];
      if (source === undefined) continue;
      const result = compilePattern(source);
      if (result.ok) patterns.push([field, result.pattern]);
      else problems.push(`${where}, ${field}: ${result.reason}`);
    }
    if (fields.every((field) => rule[field] === undefined)) {
      problems.push(
        `${where}: has no pattern and would match everything; give it one of ${fields.join(', ')}`,
      );
    }
    return { rule, patterns };
  });
  if (problems.length > 0) throw new RuleError(problems);
  return { rules: compiled };
}

/**
 * Says what failed: the first rule whose every pattern matches, else UNKNOWN. Severity is the report's, else the
 * rule's, else P3. Facts come from the patterns' named groups (domain/facts.ts). Time is linear in the text.
 */
export function classify(report: Report, { rules }: CompiledRules): Classification {
  const texts = textsOf(report);
  const { errorType, ...rest } = firstMatch(texts, rules);
  const severity = report.severity ?? rest.severity ?? 'P3';
  const { target, task, host, action } = report;
  const fingerprint = fingerprintOf({ errorType, target, task, host, message: texts.message, action });
  return { errorType, severity, fingerprint, facts: rest.facts, rule: rest.rule };
}

function firstMatch(texts: Record<Field, string>, rules: readonly CompiledRule[]) {
  for (const { rule, patterns } of rules) {
    const groups: Record<string, string> = {};
    const matches = patterns.every(([field, pattern]) => {
      const found = pattern.find(texts[field]);
      if (found !== null) Object.assign(groups, found);
      return found !== null;
    });
    if (!matches) continue;
    const { errorType, severity, origin } = rule;
    return { errorType, severity, facts: readFacts(groups), rule: `${origin.file}#${origin.number}` };
  }
  return { errorType: 'UNKNOWN', severity: undefined, facts: {}, rule: null };
}

function textsOf({ error }: Report): Record<Field, string> {
  const message = error.message.slice(0, messageHead);
  const traceback = (error.traceback ?? '').slice(-tracebackTail);
  // A traceback may stand in the message: `autoheal report` and log shippers send whole outputs.
  const end = readTraceback(traceback) ?? readTraceback(error.message.slice(-tracebackTail));
  const type = error.type ?? end?.type ?? '';
  const ending = end === null ? '' : `${end.type}: ${end.message}`;
  return { type, message, traceback, anywhere: [type, message, ending, traceback].join('\n') };
}
