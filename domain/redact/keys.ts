import type { Scan } from './scan.ts';

/** Private keys over several lines: from BEGIN to END, or to the end of the text where that is cut off. */

const begin = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?[ A-Z0-9]{0,20}-{4,5}/y;
const end = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-{4,5}/g;
const endHere = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-{4,5}/y;

export function hideKey(scan: Scan, from: number, to: number): number {
  if (to - from < 4) return 0;
  const found = scan.match(begin, from);
  if (found !== null) {
    end.lastIndex = from + found[0].length;
    const close = end.exec(scan.text);
    const stop = close === null ? scan.text.length : close.index + close[0].length;
    scan.spend(stop - from);
    return scan.hide(from, stop);
  }
  const last = scan.match(endHere, from);
  return last === null ? 0 : hideBody(scan, from, from + last[0].length);
}

/** A key whose BEGIN was cut off: the lines of base64 before its END. */
function hideBody(scan: Scan, from: number, to: number): number {
  let begin = from;
  for (let lines = 0; lines < 200; lines += 1) {
    const gap = /(?:\s|\\[nr]){1,4}$/.exec(scan.text.slice(Math.max(0, begin - 8), begin))?.[0].length ?? 0;
    const text =
      /[A-Za-z0-9+/=]{1,100}$/.exec(scan.text.slice(Math.max(0, begin - gap - 101), begin - gap))?.[0] ?? '';
    const isLine = gap > 0 && text.length > 0 && text.length <= 100;
    const before = scan.text.slice(Math.max(0, begin - gap - text.length - 2), begin - gap - text.length);
    if (!isLine || !(before === '' || /(?:\s|\\[nr]|n)$/.test(before))) break;
    begin -= gap + text.length;
  }
  return scan.hide(begin, to);
}

const privateLines = /Private-Lines: (\d{1,3})\r?\n/y;
const oneLine = /[^\n]*(?:\n|$)/y;

/** PuTTY's own format. */
export function hidePuttyLines(scan: Scan, from: number): number {
  const found = scan.match(privateLines, from);
  if (found === null) return 0;
  const at = from + found[0].length;
  let to = at;
  for (let line = 0; line < Number(found[1]) && to < scan.text.length; line += 1)
    to += scan.match(oneLine, to)?.[0].length ?? 0;
  return scan.hide(at, scan.text[to - 1] === '\n' ? to - 1 : to);
}
