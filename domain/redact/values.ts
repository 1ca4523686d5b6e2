import { bareEnd, endOfLine, quotedAt, restOfLine, trimmedEnd } from './extent.ts';
import { isHarmless, isProse, looksSecret } from './harmless.ts';
import type { Scan } from './scan.ts';
import { isCountable } from './secret-names.ts';

export interface Named {
  name: string;
  /** Where the name begins. */
  from: number;
  /** Behind the sign and the blanks after it. */
  at: number;
  sign: string;
  /** There is a quote between the name and the sign: a key of JSON, or of a dictionary. */
  isKey: boolean;
  /** Blanks stand before or after the sign. */
  isLoose: boolean;
  /** A wide colon: of a language that has no blanks between its words. */
  isWide: boolean;
}

/** Hides the value of a secret's name. @returns where the walk goes on; 0 where nothing is there to hide */
export function hideValue(scan: Scan, named: Named): number {
  const { at, sign } = named;
  const quoted = quotedAt(scan, at);
  if (quoted !== null && quoted.end > at) {
    const value = scan.text.slice(quoted.from, quoted.to);
    if (isHarmless(value)) return quoted.end;
    if (sign === ':' && !named.isKey && !isBegin(scan, named.from) && value.length < 500 && isProse(value))
      return 0;
    return scan.hide(quoted.from, quoted.to) === 0 ? 0 : quoted.end;
  }
  if (sign === '==' || sign === '->') return 0;
  if (scan.text[at] === '[' && (named.isKey || isBegin(scan, named.from))) return hideList(scan, at);
  if (scan.text[at] === '{' && named.isKey) return 0;
  if (named.isKey) return hideWord(scan, named, at);
  if (sign.startsWith('=')) return named.isLoose ? afterLooseSign(scan, named) : afterSign(scan, named);
  return afterColon(scan, named);
}

/** What may stand before the first name of a line: indentation, a prompt, a container's name, `export`. */
const lineStart =
  /^[\s>#$+|-]*(?:[\w.-]{1,60} {1,20}\| )?(?:(?:export|set|setx|declare -x|ENV|ARG|env|local|readonly|const|let|var|\$env:) ?)?["']?$/;

function isBegin(scan: Scan, from: number): boolean {
  const before = scan.before(from, 120);
  return before.length < 120 && lineStart.test(before);
}

/** name=value */
function afterSign(scan: Scan, named: Named): number {
  const { at, from, name } = named;
  const begins = isBegin(scan, from);
  const end =
    begins && !/[;&]/.test(scan.text.slice(at, at + 1))
      ? wholeLine(scan, at)
      : trimmedEnd(scan, at, bareEnd(scan, at, '='));
  const value = scan.text.slice(at, end);
  if (isHarmless(value, !/^[A-Z_0-9]+$/.test(name)) || isCount(name, value)) return 0;
  if (/^(?:PWD|OLDPWD)$/.test(name) && /^[/~]/.test(value)) return 0;
  return scan.hide(at, end);
}

/** The line, unless separators show that it is several pairs. */
function wholeLine(scan: Scan, at: number): number {
  const semicolon = bareEnd(scan, at, '=');
  if (scan.text[semicolon] === ';') return semicolon;
  if (scan.text[semicolon] === '&' || scan.text[semicolon] === ',') return semicolon;
  return restOfLine(scan, at);
}

/** name = value */
function afterLooseSign(scan: Scan, { name, at, from }: Named): number {
  if (/\bunexpected $/i.test(scan.before(from, 12))) return 0;
  const end = isBegin(scan, from) ? restOfLine(scan, at) : trimmedEnd(scan, at, bareEnd(scan, at, '='));
  const value = scan.text.slice(at, end);
  if (isHarmless(value.replace(/\s+[#;].*$/, ''), true) || isCount(name, value) || /^[=<>!]/.test(value))
    return 0;
  return scan.hide(at, end);
}

const blockScalar = /[|>][+-]?\d?[ \t]{0,9}(?:#[^\n]{0,200})?\r?\n/y;
const emptyLine = /[ \t]{0,20}(?:# [^\n]{0,200})?\r?\n/y;

/** name: value, as YAML and headers have it, and as people say it */
function afterColon(scan: Scan, named: Named): number {
  const { name, at, from, isLoose } = named;
  // What test runners print of a test that ran through.
  if (name === 'PASS' || /\bunexpected $/i.test(scan.before(from, 12))) return 0;
  if (isBegin(scan, from) && !named.isWide) {
    const block = scan.match(blockScalar, at);
    if (block !== null) return hideBlock(scan, from, at + block[0].length);
    const empty = scan.match(emptyLine, at);
    if (empty !== null) return hideNextLine(scan, from, at + empty[0].length);
    const end = restOfLine(scan, at);
    const value = scan.text.slice(at, end).replace(/[,;]$/, '');
    const plain = value.replace(/\s+#.*$/, '');
    // `password: str = None`, as a program declares it.
    const declared = plain.split(/\s*=\s*/, 3);
    if (declared.every((part) => isHarmless(part, true)) || isProse(plain) || isCount(name, plain)) return 0;
    if (isLoose || looksSecret(value.split(/\s/, 1)[0] ?? '')) return scan.hide(at, at + value.length);
    return 0;
  }
  return hideWord(scan, named, at);
}

/** One word: hidden where it can hardly be one of a sentence. */
function hideWord(scan: Scan, { name, from, isKey, isWide }: Named, at: number): number {
  const raw = bareEnd(scan, at);
  const end = trimmedEnd(scan, at, raw);
  const value = scan.text.slice(at, end);
  if (value === '' || isHarmless(value, true) || isCount(name, value)) return 0;
  const before = scan.before(from, 40);
  const isPair = /[,;({[&|]\s{0,2}["']?$/.test(before) || /^(?:map\[|\{)/.test(before.slice(-4));
  const isOfOtherScript = isWide || /[^\x20-\x7e]/.test(name);
  const isWhole = /^[\s,;)}\]]?$/.test(scan.text[raw] ?? '');
  if (isKey || looksSecret(value) || isOfOtherScript || (isPair && isWhole && !isProse(value)))
    return scan.hide(at, end);
  return 0;
}

/** Numbers of things that merely have such a name: `pass=3`, `tokens: 512`. */
const isCount = (name: string, value: string): boolean =>
  isCountable(name) && /^\s*[\d.,]+%?(?:[\s)\],;}]|$)/.test(value.slice(0, 40));

const listEnd = /[^\]]{0,20000}\]/y;

/** Each text of a list; the list where it can be read no better. */
function hideList(scan: Scan, at: number): number {
  const list = scan.match(listEnd, at + 1);
  const end = list === null ? endOfLine(scan, at) : at + 1 + list[0].length - 1;
  return isHarmless(scan.text.slice(at + 1, end)) ? end : scan.hide(at + 1, end);
}

const line = /([ \t]*)([^\n]*)(?:\n|$)/y;
const indented = /([ \t]+)([^\s\-{[#][^\n]*)/y;

/** The lines below that are indented more than the name's own. */
function hideBlock(scan: Scan, nameFrom: number, at: number): number {
  const indent = nameFrom - scan.lineBegin;
  let end = at;
  for (;;) {
    const found = scan.match(line, end);
    if (found === null || found[0] === '') break;
    const [whole, blanks = '', rest = ''] = found;
    if (rest.trim() !== '' && blanks.length <= indent) break;
    end += whole.length;
  }
  return end > at ? scan.hide(firstInk(scan, at, end), lastInk(scan, at, end)) : 0;
}

function hideNextLine(scan: Scan, nameFrom: number, at: number): number {
  const found = scan.match(indented, at);
  if (found === null) return 0;
  const [whole, blanks = '', rest = ''] = found;
  if (
    blanks.length <= nameFrom - scan.lineBegin ||
    /^["']?[\w.-]{1,60}["']?:(?:\s|$)/.test(rest) ||
    isHarmless(rest)
  )
    return 0;
  return scan.hide(at + blanks.length, lastInk(scan, at, at + whole.length));
}

function firstInk(scan: Scan, from: number, to: number): number {
  let at = from;
  while (at < to && /\s/.test(scan.text[at] ?? '')) at += 1;
  return at;
}

function lastInk(scan: Scan, from: number, to: number): number {
  let at = to;
  while (at > from && /\s/.test(scan.text[at - 1] ?? '')) at -= 1;
  return at;
}
