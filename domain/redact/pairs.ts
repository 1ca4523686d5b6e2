import { quotedAt, trimmedEnd, bareEnd } from './extent.ts';
import { isHarmless } from './harmless.ts';
import type { Scan } from './scan.ts';

/**
 * A name and its value as two values: `{"name": "DB_PASSWORD", "value": "X"}`, `- name: DB_PASSWORD` with `value: X`
 * below, `key="Password" value="X"`, `ParameterKey=Password,ParameterValue=X`, `("password", "X")`.
 */

const namedBefore =
  /(?:name|key|field|param|parameter|header|variable|option|k|id)\\{0,32}["']?\s{0,4}(?:[:=]|=>)\s{0,4}\\{0,32}["']?$/i;
const valueBehind =
  /\\{0,32}["']?\s{0,4}[,;]?\s{0,80}(?:-\s)?\\{0,32}["']?[A-Za-z]{0,20}(?:value|val|v|default)\\{0,32}["']?\s{0,4}(?:[:=]|=>)[ \t]{0,4}/iy;

export function hidePartner(scan: Scan, from: number, end: number): number {
  if (!namedBefore.test(scan.text.slice(Math.max(0, from - 60), from))) return 0;
  const found = scan.match(valueBehind, end);
  return found === null ? 0 : hideAt(scan, end + found[0].length);
}

const tupleGap = /(\\{0,32}["'])?\s{0,4},\s{0,4}(?:<<)?(?=b?\\{0,32}["'])/y;

/** A pair in brackets of its own. Two words of a list of names are none. */
export function hideTuple(scan: Scan, from: number, end: number): number {
  const gap = scan.match(tupleGap, end);
  if (gap === null || !/[([{]\s{0,2}b?(?:\\{0,32}["'])?$/.test(scan.before(from, 40))) return 0;
  const quoted = quotedAt(scan, end + gap[0].length);
  if (quoted === null || !/^(?:>>)?\s{0,2}[)\]}]/.test(scan.text.slice(quoted.end, quoted.end + 6))) return 0;
  const value = scan.text.slice(quoted.from, quoted.to);
  if (isHarmless(value) || /^[a-z_]{1,20}$/.test(value)) return 0;
  return scan.hide(quoted.from, quoted.to) && quoted.end;
}

function hideAt(scan: Scan, at: number): number {
  const quoted = quotedAt(scan, at);
  if (quoted !== null) {
    return isHarmless(scan.text.slice(quoted.from, quoted.to))
      ? 0
      : Math.max(scan.hide(quoted.from, quoted.to), quoted.end);
  }
  const end = trimmedEnd(scan, at, bareEnd(scan, at));
  return isHarmless(scan.text.slice(at, end)) ? 0 : scan.hide(at, end);
}
