import { readFacts } from './facts.ts';
import { earlierFingerprintsOf, fingerprintOf } from './fingerprint.ts';
import type { Pattern } from './pattern.ts';
import type { Classification, ReportPart } from '../playbook/playbook.ts';
import type { Report } from './report.ts';
import { rootOf } from './chain.ts';
import { messageHead, readEvidence, textTail, type Evidence, type Part } from './evidence.ts';
import {
  levels,
  type CodeTable,
  type CompiledCode,
  type CompiledRule,
  type CompiledRules,
  type OwnField,
} from './rules.ts';

export { compileRuleFiles, compileRules, countRules, errorTypesOf, RuleError, rulesOf } from './rules.ts';
export type { CompiledRules } from './rules.ts';

/** What a restart would cure: nothing but the end of a report says so, never a line that somebody quoted before. */
const restarting: readonly string[] = ['CONTAINER_UNHEALTHY', 'CONTAINER_EXITED', 'OOM_KILLED'];

const parts: readonly ReportPart[] = ['end', 'context', 'recent', 'older'];
const wordsOfPart: Readonly<Record<ReportPart, string>> = {
  end: 'at the end',
  context: 'in what was being handled',
  recent: 'in the last lines',
  older: 'in an older line',
};

interface Found {
  errorType: string;
  severity: Classification['severity'] | undefined;
  rule: string | null;
  groups: Record<string, string>;
  wants: readonly string[] | undefined;
  evidence: string;
  part: ReportPart;
}

/**
 * Says what failed. The report is read once into evidence; its parts are asked in order (the end first), in each
 * part the files of rules, in each file the levels: codes, the exception's class, words. The first rule that matches
 * decides, else UNKNOWN. Severity is the report's, else the rule's, else the type's, else P3. Linear in the text.
 */
export function classify(report: Report, rules: CompiledRules): Classification {
  const evidence = readEvidence(report.error);
  // No rule over the words of blind monitoring may make an illness of them: nobody has measured anything.
  const found = report.alert?.blind === undefined ? decide(report, evidence, rules) : blind;
  const errorType = found?.errorType ?? 'UNKNOWN';
  const defaults = rules.types.get(errorType);
  const severity = report.severity ?? found?.severity ?? defaults?.severity ?? 'P3';
  const facts = found === null ? {} : factsOf(found, evidence, rules);
  const missing = (found?.wants ?? defaults?.wants ?? []).filter((fact) => facts[fact] === undefined);
  const earlier = earlierFingerprintsOf(report, errorType, report.error.message.slice(0, messageHead));
  return {
    errorType,
    severity,
    fingerprint: fingerprintOf(report, evidence),
    ...(earlier.length > 0 && { earlier }),
    facts,
    rule: found?.rule ?? null,
    evidence: found?.evidence ?? 'nothing in it is known',
    ...(missing.length > 0 && { missing }),
  };
}

const blind: Found = {
  errorType: 'MONITORING_BLIND',
  severity: undefined,
  rule: 'the alert itself',
  groups: {},
  wants: undefined,
  evidence: 'monitoring that could not measure',
  part: 'end',
};

function decide(report: Report, evidence: Evidence, { files }: CompiledRules): Found | null {
  const own = ownTexts(report, evidence);
  for (const part of parts) {
    if (evidence[part].text === '' && part !== 'end') continue;
    for (const file of files) {
      for (const level of levels) {
        for (const rule of file.byLevel[level]) {
          const found = tryRule(rule, part, evidence, own);
          if (found !== null) return found;
        }
        const found =
          level === 'codes' && part !== 'older' ? tryTables(file.tables, part, evidence[part]) : null;
        if (found !== null) return found;
      }
    }
  }
  return null;
}

function tryRule(
  rule: CompiledRule,
  part: ReportPart,
  evidence: Evidence,
  own: Readonly<Record<OwnField, string>>,
): Found | null {
  if (!rule.from.has(part)) return null;
  if (part !== 'end' && part !== 'context' && restarting.includes(rule.errorType)) return null;
  // The report's own fields are asked once.
  if (rule.own.length > 0 && part !== 'end') return null;
  const { text, codes } = evidence[part];
  const groups: Record<string, string> = {};
  const seen: string[] = [];
  if (rule.codes.length > 0) {
    const code = firstCode(rule.codes, codes);
    if (code === null) return null;
    seen.push(code);
  }
  if (rule.exception !== null || rule.root !== null) {
    const links = part === 'end' ? evidence.links : part === 'context' ? (evidence.chain?.context ?? []) : [];
    const root = rootOf({ links });
    if (rule.root !== null && (root === undefined || !rule.root.test(root.type))) return null;
    const { exception } = rule;
    const link = exception === null ? root : links.find(({ type }) => exception.test(type));
    if (link === undefined) return null;
    seen.push(`the exception ${link.type}`);
  }
  for (const [field, pattern] of rule.own) {
    const match = pattern.match(own[field]);
    if (match === null) return null;
    Object.assign(groups, match.groups);
    seen.push(quote(match.found));
  }
  for (const pattern of rule.all) {
    const match = pattern.match(text);
    if (match === null) return null;
    Object.assign(groups, match.groups);
    seen.push(quote(match.found));
  }
  if (rule.any.length > 0) {
    const match = firstMatch(rule.any, text);
    if (match === null) return null;
    Object.assign(groups, match.groups);
    seen.push(quote(match.found));
  }
  if (rule.not.some((pattern) => pattern.test(rule.own.length > 0 ? own.anywhere : text))) return null;
  const { errorType, severity, name, wants } = rule;
  const words = `${seen.join(' and ')} ${wordsOfPart[part]}`;
  return { errorType, severity, rule: name, groups, wants, evidence: words, part };
}

function firstMatch(patterns: readonly Pattern[], text: string): ReturnType<Pattern['match']> {
  for (const pattern of patterns) {
    const match = pattern.match(text);
    if (match !== null) return match;
  }
  return null;
}

function firstCode(wanted: CompiledRule['codes'], codes: Part['codes']): string | null {
  for (const [system, list] of wanted) {
    const code = codes[system]?.find((each) => list.some((one) => fits(one, each)));
    if (code !== undefined) return `${system} ${code}`;
  }
  return null;
}

const fits = (wanted: string, code: string): boolean =>
  wanted.endsWith('*') ? code.startsWith(wanted.slice(0, -1)) : wanted === code;

function tryTables(tables: readonly CodeTable[], part: ReportPart, { text, codes }: Part): Found | null {
  for (const { system, exact, beginnings } of tables) {
    for (const code of codes[system] ?? []) {
      const meaning: CompiledCode | undefined =
        exact.get(code) ?? beginnings.find(([beginning]) => code.startsWith(beginning))?.[1];
      if (meaning === undefined || meaning.not.some((pattern) => pattern.test(text))) continue;
      if (part !== 'end' && part !== 'context' && restarting.includes(meaning.errorType)) continue;
      const { errorType, severity, name } = meaning;
      const evidence = `${system} ${code} ${wordsOfPart[part]}`;
      return { errorType, severity, rule: name, groups: {}, wants: undefined, evidence, part };
    }
  }
  return null;
}

const quote = (words: string): string => {
  const line = words.replace(/\s+/g, ' ').trim();
  return `"${line.length > 80 ? `${line.slice(0, 79)}…` : line}"`;
};

/** The rule's own facts, and where it has none those that stand in the part it was found in, else at the end. */
function factsOf({ errorType, groups, part }: Found, evidence: Evidence, rules: CompiledRules) {
  const facts = readFacts(groups);
  for (const text of part === 'end' ? [evidence.end.text, evidence.context.text] : [evidence[part].text]) {
    for (const rule of rules.facts) {
      if (!rule.for.has(errorType)) continue;
      const more = readFacts(rule.pattern.find(text) ?? {});
      // A port belongs to the host beside it.
      if (facts['host'] !== undefined && more['host'] !== undefined && more['host'] !== facts['host'])
        continue;
      for (const [name, value] of Object.entries(more)) facts[name] ??= value;
    }
  }
  return facts;
}

/** The texts that rules of the older form are tried on. */
function ownTexts({ error }: Report, evidence: Evidence): Record<OwnField, string> {
  const type = error.type ?? evidence.links.find((link) => link.type !== '')?.type ?? '';
  const message = error.message.slice(0, messageHead);
  const traceback = (error.traceback ?? '').slice(-textTail);
  return { type, message, traceback, anywhere: [type, message, evidence.end.text, traceback].join('\n') };
}
