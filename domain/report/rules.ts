import type {
  ClassificationRule,
  CodeMeaning,
  FactRule,
  PlaybookFile,
  ReportPart,
} from '../playbook/playbook.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import type { Severity } from '../vocabulary/vocabulary.ts';
import { codeSystems, type CodeSystem } from './codes.ts';

/** A rule with where it was written: file name and its number in the file's list, from 1. */
export type RuleWithOrigin = ClassificationRule & { origin: { file: string; number: number } };

/** The levels of evidence, in the order in which they are asked. */
export const levels = ['codes', 'class', 'words'] as const;
export type Level = (typeof levels)[number];

const ownFields = ['type', 'message', 'traceback', 'anywhere'] as const;
export type OwnField = (typeof ownFields)[number];

export interface CompiledRule {
  errorType: string;
  severity: Severity | undefined;
  name: string;
  level: Level;
  codes: readonly (readonly [CodeSystem, readonly string[]])[];
  exception: Pattern | null;
  root: Pattern | null;
  all: readonly Pattern[];
  any: readonly Pattern[];
  not: readonly Pattern[];
  own: readonly (readonly [OwnField, Pattern])[];
  from: ReadonlySet<ReportPart>;
  wants: readonly string[] | undefined;
}

export interface CompiledCode {
  errorType: string;
  severity: Severity | undefined;
  name: string;
  not: readonly Pattern[];
}

/** One system's table: codes by name, and beginnings of codes. */
export interface CodeTable {
  system: CodeSystem;
  exact: ReadonlyMap<string, CompiledCode>;
  beginnings: readonly (readonly [string, CompiledCode])[];
}

/** One file's rules. Files are asked one after another, each with all its levels. */
export interface RuleFile {
  file: string;
  byLevel: Readonly<Record<Level, readonly CompiledRule[]>>;
  tables: readonly CodeTable[];
}

/** Rules ready to use. Made by `compileRuleFiles` only. */
export interface CompiledRules {
  files: readonly RuleFile[];
  facts: readonly { for: ReadonlySet<string>; pattern: Pattern }[];
  types: ReadonlyMap<string, { severity?: Severity | undefined; wants?: readonly string[] | undefined }>;
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

/** Every error type that the rules and tables can say. */
export function errorTypesOf({ files }: CompiledRules): ReadonlySet<string> {
  const ofRules = files.flatMap(({ byLevel }) => Object.values(byLevel).flat());
  return new Set([...ofRules, ...codesOf(files)].map(({ errorType }) => errorType));
}

/** How many rules there are, and how many codes in tables. */
export function countRules({ files }: CompiledRules): { rules: number; codes: number } {
  const rules = files.flatMap(({ byLevel }) => Object.values(byLevel).flat());
  return { rules: rules.length, codes: codesOf(files).length };
}

const codesOf = (files: readonly RuleFile[]): CompiledCode[] =>
  files.flatMap(({ tables }) =>
    tables.flatMap(({ exact, beginnings }) => [...exact.values(), ...beginnings.map(([, code]) => code)]),
  );

type FileContent = Pick<PlaybookFile, 'rules' | 'codes' | 'facts' | 'types'>;

/** Numbers the rules of one file. */
export function rulesOf(file: string, rules: readonly ClassificationRule[]): RuleWithOrigin[] {
  return rules.map((rule, index) => ({ ...rule, origin: { file, number: index + 1 } }));
}

/**
 * Compiles rules alone, in the order given.
 * @throws RuleError naming file, rule number and field of every bad pattern, and of a rule without any
 */
export function compileRules(rules: readonly RuleWithOrigin[]): CompiledRules {
  const problems: string[] = [];
  const files = new Map<string, RuleWithOrigin[]>();
  for (const rule of rules) {
    const file = files.get(rule.origin.file) ?? [];
    file.push(rule);
    files.set(rule.origin.file, file);
  }
  const compiled = [...files].map(([file, own]) => compileFile(file, own, {}, problems));
  if (problems.length > 0) throw new RuleError(problems);
  return { files: compiled, facts: [], types: new Map() };
}

/**
 * Compiles the rules, tables and facts of playbook files, in the order given.
 * @throws RuleError naming file, place and field of every bad pattern, and of a rule without any
 */
export function compileRuleFiles(contents: readonly { file: string; content: FileContent }[]): CompiledRules {
  const problems: string[] = [];
  const files = contents.map(({ file, content }) =>
    compileFile(file, rulesOf(file, content.rules ?? []), content.codes ?? {}, problems),
  );
  const facts = contents.flatMap(({ file, content }) =>
    (content.facts ?? []).flatMap((fact, at) => compileFact(`${file}, fact ${at + 1}`, fact, problems)),
  );
  // The first file that says something of a type counts, as it does with rules.
  const types = new Map(contents.toReversed().flatMap(({ content }) => Object.entries(content.types ?? {})));
  if (problems.length > 0) throw new RuleError(problems);
  return { files, facts, types };
}

function compileFact(where: string, fact: FactRule, problems: string[]) {
  const [pattern] = compileAll(where, 'pattern', fact.pattern, problems);
  return pattern === undefined ? [] : [{ for: new Set(fact.for), pattern }];
}

function compileFile(
  file: string,
  rules: readonly RuleWithOrigin[],
  codes: NonNullable<FileContent['codes']>,
  problems: string[],
): RuleFile {
  const compiled = rules.map((rule) => compileRule(rule, problems));
  const at = (level: Level) => compiled.filter((rule) => rule.level === level);
  const tables = codeSystems.flatMap((system) => {
    const table = codes[system];
    return table === undefined
      ? []
      : [{ ...compileTable(file, system, table, problems), order: Object.keys(codes).indexOf(system) }];
  });
  return {
    file,
    byLevel: { codes: at('codes'), class: at('class'), words: at('words') },
    tables: tables.toSorted((a, b) => a.order - b.order),
  };
}

function compileRule(rule: RuleWithOrigin, problems: string[]): CompiledRule {
  const { origin, errorType, severity, wants } = rule;
  const where = `${origin.file}, rule ${origin.number} (${errorType})`;
  const one = (field: 'exception' | 'root') => compileAll(where, field, rule[field], problems)[0] ?? null;
  const list = (field: 'all' | 'any' | 'not') => compileAll(where, field, rule[field], problems);
  const own = ownFields.flatMap((field) =>
    compileAll(where, field, rule[field], problems).map((pattern) => [field, pattern] as const),
  );
  const codes = codeSystems.flatMap((system) => {
    const wanted = rule.codes?.[system];
    return wanted === undefined ? [] : [[system, wanted] as const];
  });
  const reads = ['codes', 'exception', 'root', 'all', 'any', ...ownFields] as const;
  if (reads.every((field) => rule[field] === undefined)) {
    const lacks = 'has no pattern and would match everything; give it one of';
    problems.push(
      `${where}: ${lacks} codes, exception, root, all, any (or type, message, traceback, anywhere)`,
    );
  }
  const isClass = rule.exception !== undefined || rule.root !== undefined || rule.type !== undefined;
  return {
    errorType,
    severity,
    wants,
    name: `${origin.file}#${origin.number}`,
    level: rule.codes !== undefined ? 'codes' : isClass ? 'class' : 'words',
    codes,
    exception: one('exception'),
    root: one('root'),
    all: list('all'),
    any: list('any'),
    not: list('not'),
    own,
    from: new Set(rule.from ?? ['end', 'context', 'recent']),
  };
}

function compileTable(
  file: string,
  system: CodeSystem,
  table: Readonly<Record<string, CodeMeaning>>,
  problems: string[],
): CodeTable {
  const exact = new Map<string, CompiledCode>();
  const beginnings: [string, CompiledCode][] = [];
  for (const [code, meaning] of Object.entries(table)) {
    const where = `${file}, codes ${system} ${code}`;
    const whole = typeof meaning === 'string' ? { errorType: meaning } : meaning;
    const not = 'not' in whole ? compileAll(where, 'not', whole.not, problems) : [];
    const severity = 'severity' in whole ? whole.severity : undefined;
    const compiled = { errorType: whole.errorType, severity, name: `${file}, ${system} ${code}`, not };
    if (code.endsWith('*')) beginnings.push([code.slice(0, -1), compiled]);
    else exact.set(code, compiled);
  }
  return { system, exact, beginnings };
}

function compileAll(
  where: string,
  field: string,
  sources: string | readonly string[] | undefined,
  problems: string[],
): Pattern[] {
  const list = sources === undefined ? [] : typeof sources === 'string' ? [sources] : sources;
  return list.flatMap((source) => {
    const result = compilePattern(source);
    if (result.ok) return [result.pattern];
    problems.push(`${where}, ${field}: ${result.reason}`);
    return [];
  });
}
