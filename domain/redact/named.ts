import { base64Text } from './base64.ts';
import { bareEnd, endOfLine, quotedAt, trimmedEnd } from './extent.ts';
import { wideColon } from './fold.ts';
import { isHarmless, isProse } from './harmless.ts';
import type { Scan } from './scan.ts';
import { hideValue } from './values.ts';

export interface Name {
  name: string;
  lower: string;
  isSecret: boolean;
  from: number;
  end: number;
}

/** What ends a name, and the sign that gives it its value. */
const signs =
  /(\\{0,32}(?:["'`]|&quot;|&#3[49];|%22)|\]|\)(?=[=)]))?([ \t]{0,60})(=>|:=|\?=|\+=|={1,3}|:(?![:/])|\ue03a|%3[dD]|%3[aA]|->|=\()([ \t]{0,60})/y;

const escapedSigns: Record<string, string> = {
  '%3d': '=',
  '%3a': ':',
  '=(': '=',
  '->': '->',
  '==': '==',
  '===': '==',
};
const signOf = (written: string): string =>
  escapedSigns[written.toLowerCase()] ?? (written.includes('=') ? '=' : ':');

/** A name with a sign behind it. @returns where the walk goes on; 0 where nothing is hidden */
export function hideNamed(scan: Scan, { name, lower, isSecret, from, end }: Name): number {
  const found = scan.match(signs, end);
  if (found === null) return 0;
  const [whole, quote = '', before = '', written = '', after = ''] = found;
  const at = end + whole.length;
  const isKey = quote !== '' && quote !== ']' && quote !== ')';
  const sign = signOf(written);
  if (lower.endsWith('cookie') || lower.endsWith('authorization')) return hideHeader(scan, from, at, isKey);
  if (!isSecret) return hideSome(scan, lower, at, isKey, from);
  // `${DB_PASSWORD:-hunter2}`
  if (sign === ':' && scan.text[from - 1] === '{') {
    const value = scan.match(defaultValue, at);
    if (value !== null) return scan.hide(at + 1, at + value[0].length);
  }
  const lines = isKey && sign === ':' ? scan.match(lineBreak, at) : null;
  const isWide = written === wideColon;
  return hideValue(scan, {
    ...{ name, from, sign, isKey, isWide },
    at: lines === null ? at : at + lines[0].length,
    isLoose: before !== '' || after !== '' || isWide,
  });
}

const defaultValue = /[-=?+][^}\n]{0,500}/y;
const lineBreak = /\s{1,80}(?=\\{0,32}["'[])/y;

const some = /(?:^|[_.-])(?:secret_?id|code|key|response|assertion|hmac|community|auth)$/;
const someTails = new Set(['tid', '_id', 'ode', 'key', 'nse', 'ion', 'mac', 'ity', 'uth']);
const opaque = /\\{0,32}["']?([A-Za-z0-9+/_.~%-]{8,4000}={0,2})/y;

/** Names that are secrets with some values only. */
function hideSome(scan: Scan, name: string, at: number, isKey: boolean, from: number): number {
  if (!someTails.has(name.slice(-3)) || !some.test(name)) return 0;
  const found = scan.match(opaque, at);
  const value = found?.[1] ?? '';
  const isSecret = name.endsWith('auth')
    ? decodes(value)
    : value.length >= 12 &&
      (isKey || name !== 'key' || '?&'.includes(scan.text[from - 1] ?? ' ')) &&
      mixes(value) &&
      !isHarmless(value, true);
  return found !== null && isSecret
    ? scan.hide(at + found[0].length - value.length, at + found[0].length)
    : 0;
}

export const mixes = (value: string): boolean => /\d/.test(value) && /[A-Za-z]/.test(value);

/** `user:password` in base64, as Docker's and npm's files have it. */
function decodes(value: string): boolean {
  const text = base64Text(value);
  return text !== null && /^[^:\s]{1,100}:\S+$/.test(text);
}

/** A whole header: cookies and credentials have signs of many kinds. In quotes it ends with them. */
function hideHeader(scan: Scan, from: number, at: number, isKey: boolean): number {
  const quoted = quotedAt(scan, at);
  if (quoted !== null) {
    const value = scan.text.slice(quoted.from, quoted.to);
    return isHarmless(value) ? quoted.end : scan.hide(quoted.from, quoted.to) && quoted.end;
  }
  if (isKey) {
    const end = trimmedEnd(scan, at, bareEnd(scan, at));
    return isHarmless(scan.text.slice(at, end)) ? 0 : scan.hide(at, end);
  }
  const quote = /(\\{0,32}["'])[\w-]{0,10}$/.exec(scan.before(from, 50))?.[1];
  const line = scan.text.slice(at, endOfLine(scan, at));
  const close = quote === undefined ? -1 : line.slice(0, 20_000).indexOf(quote);
  const next =
    close === -1 ? /[,;} ] ?["']?[A-Za-z][\w-]{1,40}["']?: /.exec(line.slice(0, 2000))?.index : undefined;
  const value = line.slice(0, close === -1 ? (next ?? line.length) : close).trimEnd();
  if (isHarmless(value) || isProse(value)) return 0;
  return scan.hide(at, at + value.length);
}
