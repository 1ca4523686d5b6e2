import { isHarmless } from './harmless.ts';
import type { Rule, Scan } from './scan.ts';
import { isSecretName } from './secret-names.ts';

/** `<password>X</password>`, `<property name="password">X<`, `<add key="Password" value="X"/>`, and the same escaped. */

const element = /<([A-Za-z_][\w:.-]{0,100})((?:\s[^<>]{0,600})?)>/y;
const escaped = /&lt;([A-Za-z_][\w:.-]{0,100})[^<>&]{0,200}&gt;/y;
const plistKey = /<key>([^<>]{1,100})<\/key>\s{0,40}<(?:string|data)>/y;
const inside = /[^<]*/y;

export const markup: Rule = (scan, from) => {
  const key = scan.match(plistKey, from);
  if (key !== null && isSecretName(key[1] ?? '')) return hideInside(scan, from + key[0].length);
  const found = scan.match(element, from);
  if (found === null) return 0;
  const [whole, name = '', attributes = ''] = found;
  if (whole.endsWith('/>')) return 0;
  const called = /\s(?:name|key|id)\s?=\s?["']([^"']{1,100})["']/.exec(attributes)?.[1] ?? '';
  return isSecretName(name) || isSecretName(called) ? hideInside(scan, from + whole.length) : 0;
};

export const escapedMarkup: Rule = (scan, from) => {
  const found = scan.match(escaped, from);
  if (found === null || !isSecretName(found[1] ?? '')) return 0;
  const at = from + found[0].length;
  const close = scan.text.slice(at, scan.lineEnd(at)).indexOf('&lt;');
  const to = close === -1 ? scan.lineEnd(at) : at + close;
  return isHarmless(scan.text.slice(at, to)) ? 0 : scan.hide(at, to);
};

function hideInside(scan: Scan, at: number): number {
  const value = scan.match(inside, at)?.[0] ?? '';
  const cdata = /^<!\[CDATA\[([\s\S]{0,20000}?)\]\]>/.exec(scan.text.slice(at, at + 20_100));
  if (value === '' && cdata !== null) return scan.hide(at + 9, at + cdata[0].length - 3);
  return isHarmless(value) ? 0 : scan.hide(at, at + value.trimEnd().length);
}
