import { readFacts } from './facts.ts';
import { fingerprintOf } from './fingerprint.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import type { Classification, ClassificationRule } from '../playbook/playbook.ts';
import type { Report } from './report.ts';
import { withoutSeeAlso } from './see-also.ts';
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
  not: Pattern | null;
}

/** What restarts a container: a program's older lines may mention one, and never decide it. */
const restarting: readonly string[] = ['CONTAINER_UNHEALTHY', 'CONTAINER_EXITED', 'OOM_KILLED'];

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
    const none = rule.not === undefined ? null : compilePattern(rule.not);
    if (none?.ok === false) problems.push(`${where}, not: ${none.reason}`);
    return { rule, patterns, not: none?.ok === true ? none.pattern : null };
  });
  if (problems.length > 0) throw new RuleError(problems);
  return { rules: compiled };
}

/**
 * Says what failed: the first rule whose every pattern matches, else UNKNOWN. Severity is the report's, else the
 * rule's, else P3. Facts come from the patterns' named groups (domain/report/facts.ts). Time is linear in the text.
 */
export function classify(report: Report, { rules }: CompiledRules): Classification {
  const { end, whole } = textsOf(report);
  const { target, task, host, action, alert } = report;
  const harmless = rules.filter(({ rule }) => !restarting.includes(rule.errorType));
  // No rule over the words of blind monitoring may make an illness of them: nobody has measured anything.
  const byWords =
    alert?.blind === undefined ? (firstMatch(end, rules) ?? firstMatch(whole, harmless)) : blind;
  const { errorType, ...rest } = byWords ?? unknown;
  const severity = report.severity ?? rest.severity ?? 'P3';
  const fingerprint = fingerprintOf({ errorType, target, task, host, message: whole.message, action, alert });
  return { errorType, severity, fingerprint, facts: rest.facts, rule: rest.rule };
}

const blind = { errorType: 'MONITORING_BLIND', severity: undefined, facts: {}, rule: 'the alert itself' };

function firstMatch(texts: Record<Field, string>, rules: readonly CompiledRule[]) {
  for (const { rule, patterns, not } of rules) {
    const groups: Record<string, string> = {};
    const matches = patterns.every(([field, pattern]) => {
      const found = pattern.find(texts[field]);
      if (found !== null) Object.assign(groups, found);
      return found !== null;
    });
    if (!matches || not?.test(texts.anywhere) === true) continue;
    const { errorType, severity, origin } = rule;
    return { errorType, severity, facts: readFacts(groups), rule: `${origin.file}#${origin.number}` };
  }
  return null;
}

const unknown = { errorType: 'UNKNOWN', severity: undefined, facts: {}, rule: null };

/** The texts of the end, which decides, and of the whole report, which is asked where the end says nothing. */
function textsOf({ error }: Report): { end: Record<Field, string>; whole: Record<Field, string> } {
  const message = withoutSeeAlso(withoutProgress(error.message.slice(0, messageHead)));
  const traceback = withoutSeeAlso((error.traceback ?? '').slice(-tracebackTail));
  // A traceback may stand in the message: `autoheal report` and log shippers send whole outputs.
  const inMessage = readTraceback(error.message.slice(-tracebackTail));
  const ending = readTraceback(traceback) ?? inMessage;
  const type = error.type ?? ending?.type ?? '';
  const thrown = ending === null ? '' : withoutSeeAlso(`${ending.type}: ${ending.message}`);
  // Without a traceback nobody knows where its end is, so all of it counts.
  const said = inMessage === null ? [message] : [];
  const shown = ending === null ? [traceback] : [];
  const anywhere = [type, message, thrown, traceback].join('\n');
  return {
    end: { type, message, traceback, anywhere: [type, ...said, thrown, ...shown].join('\n') },
    whole: { type, message, traceback, anywhere },
  };
}

/** What `docker compose` shows of its own progress is no failure, unless nothing else was said. */
function withoutProgress(message: string): string {
  const rest = message.replace(
    /^[ \t]*(?:[✔⠿✓] )?(?:Container|Network|Volume|Image) \S{1,200}[ \t]{2,}[A-Z][a-z]{3,15}(?:[ \t]+[\d.]{1,8}s)?[ \t]*\n/gm,
    '',
  );
  return rest.trim() === '' ? message : rest;
}
