import type { Scan } from './scan.ts';

/** How far a value reaches from where it begins. Each takes what it reads. */

export interface Quoted {
  /** Inside the quotes. */
  from: number;
  to: number;
  /** Behind the closing one. */
  end: number;
}

const opening = /(?:[bBrRuUfF]{1,2})?(\\{0,32})("""|'''|["'`]|&quot;|&#3[49];|%22)/y;

/** A value in quotes, which may be escaped themselves, as in JSON inside JSON. One that isn't closed ends with its line. */
export function quotedAt(scan: Scan, at: number): Quoted | null {
  const begin = scan.match(opening, at);
  if (begin === null) return null;
  const [whole, slashes = '', quote = ''] = begin;
  const from = at + whole.length;
  const most = quote.length === 3 && quote !== '%22' ? scan.text.length : scan.lineEnd(from);
  const text = scan.text.slice(from, most);
  for (let next = 0; ;) {
    const close = text.indexOf(quote, next);
    scan.spend((close === -1 ? text.length : close) - next);
    if (close === -1) return { from, to: most, end: most };
    let escapes = 0;
    while (escapes < close && text[close - 1 - escapes] === '\\') escapes += 1;
    // More slashes than the opening quote has: a quote of the value's own.
    const isOwn = slashes === '' ? escapes % 2 === 1 : escapes > slashes.length;
    if (!isOwn) {
      const to = from + close - Math.min(escapes, slashes.length);
      return { from, to, end: from + close + quote.length };
    }
    next = close + 1;
  }
}

export function endOfLine(scan: Scan, at: number): number {
  const to = scan.lineEnd(at);
  return scan.text[to - 1] === '\r' && to > at ? to - 1 : to;
}

/** Another `name=` begins here: the value before it has ended. */
const nextPair = /[ \t]{1,8}[A-Za-z_][\w.-]{0,60}=(?!=)/y;
const pairHere = /[ \t]{0,2}["']?[A-Za-z_][\w. -]{0,60}["']?[=:]/y;

/** The rest of a line, but for pairs that follow on it. */
export function restOfLine(scan: Scan, at: number): number {
  const end = endOfLine(scan, at);
  scan.spend(2 * (end - at));
  let wasBlank = false;
  for (let blank = at; blank < end; blank += 1) {
    const sign = scan.text.charCodeAt(blank);
    const isBlank = sign === 0x20 || sign === 0x09;
    if (isBlank && !wasBlank && scan.match(nextPair, blank) !== null) return blank;
    wasBlank = isBlank;
  }
  return end;
}

/**
 * A value without quotes, in the middle of a line: up to a blank, or to a separator that another pair or nothing
 * follows. `Password=a b c;User=x`: where semicolons separate, blanks belong to it.
 */
export function bareEnd(scan: Scan, at: number, isOf: '=' | '' = ''): number {
  const segment = isOf === '=' ? scan.match(semicolons, at) : null;
  if (segment !== null) return at + segment[0].length;
  return scan.wordEnd(at, () => endOfWord(scan, at));
}

function endOfWord(scan: Scan, at: number): number {
  const { text } = scan;
  let next = at;
  for (; next < text.length; next += 1) {
    const sign = text[next] ?? '';
    if (/\s/.test(sign)) break;
    if (sign === '\\' && /[nrt]/.test(text[next + 1] ?? '') && next > at) break;
    if (isEnd(scan, sign, next)) break;
  }
  scan.spend(4 * (next - at));
  return next;
}

const semicolons = /[^;\n"'=<>]{1,300}(?=;(?:\s?[A-Za-z][\w ]{0,40}=|\s{0,3}$|["']))/my;
const nothing = /[\s)\]}"'`,;]|$/y;

function isEnd(scan: Scan, sign: string, at: number): boolean {
  switch (sign) {
    case ';':
    case '`':
      return true;
    case ',':
    case '&':
      return (
        scan.match(nothing, at + 1) !== null ||
        scan.match(pairHere, at + 1) !== null ||
        scan.text.startsWith('amp;', at + 1)
      );
    case '"':
    case "'":
      // A quote ends it only where a quoted string would end.
      return scan.match(nothing, at + 1) !== null;
    default:
      return false;
  }
}

const closing: Record<string, string> = { ')': '(', ']': '[', '}': '{', '>': '<' };

/** Without brackets that were opened before it, and the full stop of a sentence. */
export function trimmedEnd(scan: Scan, from: number, to: number): number {
  const { text } = scan;
  let end = to;
  for (; end > from + 1 && to - end < 8; end -= 1) {
    const last = text[end - 1] ?? '';
    const opens = closing[last];
    if (opens === undefined && !'.,:;'.includes(last)) break;
    if (opens !== undefined && text.slice(Math.max(from, end - 200), end - 1).includes(opens)) break;
  }
  return end;
}
