import { base64Text } from './base64.ts';
import { environment, hideManifestLine } from './environment.ts';
import { hash, namedHash } from './hashes.ts';
import { hidePuttyLines } from './keys.ts';
import { escapedMarkup, markup } from './markup.ts';
import { option } from './options.ts';
import { Scan, type Rule, type Span } from './scan.ts';
import { hideFields, hideLogin } from './lines.ts';
import { url } from './urls.ts';
import { word } from './words.ts';

/** What a walk stops at: words, and the signs that begin something. */
const lexeme =
  /[A-Za-z0-9_\u00a1-\u2fff\u3040-\ud7ff\uf900-\ufeff](?:[A-Za-z0-9_.\u00a1-\u2fff\u3040-\ud7ff\uf900-\ufeff]|-(?!-))*|:\/\/|-+|[\n"$<{&@/+]/g;

/** Rules by the first sign of a lexeme. Words are for all that begins with a letter or digit. */
const rules: Record<string, Rule> = {
  ':': url,
  '-': option,
  '"': environment,
  $: hash,
  '<': markup,
  '{': hash,
  '&': escapedMarkup,
  '@': hideLogin,
};

/**
 * Where secrets stand in a folded text: each found once, from left to right.
 * @param budget about how many characters may be looked at in all
 * @returns up to where the text was looked through
 */
export function findSecrets(text: string, budget: number, depth = 0): { spans: Span[]; readTo: number } {
  const scan = new Scan(text, budget);
  let at = lineRules(scan, 0);
  for (;;) {
    lexeme.lastIndex = at;
    const found = lexeme.exec(text);
    if (found === null) return { spans: scan.spans, readTo: text.length };
    const { index: from } = found;
    const to = from + found[0].length;
    scan.spend(to - at);
    if (scan.isSpent) return { spans: scan.spans, readTo: at };
    at = Math.max(to, step(scan, from, to, depth));
  }
}

function step(scan: Scan, from: number, to: number, depth: number): number {
  const first = scan.text[from] ?? '';
  if (first === '\n') {
    scan.lineBegin = to;
    return lineRules(scan, to);
  }
  const end = ruleEnd(scan, from, to, first, depth);
  if (end <= to) return end;
  // A value over several lines: the walk goes on in the last of them.
  const lineBreak = scan.text.slice(to, end).lastIndexOf('\n');
  if (lineBreak !== -1) scan.lineBegin = to + lineBreak + 1;
  return end;
}

function ruleEnd(scan: Scan, from: number, to: number, first: string, depth: number): number {
  const rule = rules[first];
  if (rule !== undefined) return rule(scan, from, to);
  if (first === '/') return scan.match(passwordOption, from) === null ? 0 : hideWordAt(scan, from + 3);
  if (first === 'P' && scan.text.startsWith('Private-Lines', from)) {
    const lines = hidePuttyLines(scan, from);
    if (lines > 0) return lines;
  }
  if (first === 'p' && scan.text.startsWith('pass:', from) && scan.before(from, 24).includes('-pass'))
    return hideWordAt(scan, from + 5);
  return word(scan, from, to) || namedHash(scan, from, to) || encoded(scan, from, to, depth);
}

/** xfreerdp's `/p:X`. */
const passwordOption = /\/p:(?=[^\s/])/y;
const blankEnd = /[^\s"'`]*/y;

function hideWordAt(scan: Scan, at: number): number {
  return scan.hide(at, at + (scan.match(blankEnd, at)?.[0].length ?? 0));
}

const base64Run = /[A-Za-z0-9+/_-]{24,}={0,2}/y;
const inside = /[A-Za-z0-9+/_-]$/;

/** A word that is the base64 of a text with a secret in it. */
function encoded(scan: Scan, from: number, to: number, depth: number): number {
  if (depth > 0 || to - from < 8 || from < scan.decodedTo || inside.test(scan.text[from - 1] ?? '')) return 0;
  const run = scan.match(base64Run, from);
  if (run === null) return 0;
  scan.decodedTo = from + run[0].length;
  const text = base64Text(run[0]);
  if (text === null || text.length < 12) return 0;
  scan.spend(4 * text.length);
  return findSecrets(text, 20 * text.length, depth + 1).spans.length === 0
    ? 0
    : scan.hide(from, scan.decodedTo);
}

function lineRules(scan: Scan, at: number): number {
  if (scan.isSecretManifest) {
    const data = hideManifestLine(scan, at);
    if (data > 0) return data;
  }
  return hideFields(scan, at);
}
