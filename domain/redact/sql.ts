import { quotedAt } from './extent.ts';
import { isHarmless } from './harmless.ts';
import type { Scan } from './scan.ts';
import { isSecretName } from './secret-names.ts';

const head =
  /(?:INSERT|REPLACE)\s{1,20}(?:IGNORE\s{1,20})?INTO\s{1,20}[^\s(]{1,200}\s{0,20}\(([^()]{1,4000})\)\s{0,20}VALUES\s{0,20}/iy;
const open = /\s{0,20},?\s{0,20}\(/y;
const bare = /[^,()'"]*/y;

/** INSERT INTO users (name, password) VALUES ('x', 'y'): the value of each column whose name says that it is a secret. */
export function hideRows(scan: Scan, from: number): number {
  const found = scan.match(head, from);
  if (found === null) return 0;
  const columns = (found[1] ?? '')
    .split(',')
    .map((column) => isSecretName(column.trim().replace(/["`'[\]]/g, '')));
  let at = from + found[0].length;
  if (!columns.includes(true)) return at;
  for (;;) {
    const row = scan.match(open, at);
    if (row === null) return at;
    at = hideRow(scan, at + row[0].length, columns);
  }
}

function hideRow(scan: Scan, begin: number, columns: readonly boolean[]): number {
  let at = begin;
  for (let column = 0; at < scan.text.length;) {
    const quoted = quotedAt(scan, at);
    const from = quoted?.from ?? at;
    const to = quoted?.to ?? at + (scan.match(bare, at)?.[0].length ?? 0);
    if (columns[column] === true && !isHarmless(scan.text.slice(from, to))) scan.hide(from, to);
    at = Math.max(quoted?.end ?? to, at);
    const sign = scan.text[at];
    if (sign === ')') return at + 1;
    if (sign === ',') column += 1;
    at += 1;
    while (scan.text[at] === ' ') at += 1;
  }
  return at;
}
