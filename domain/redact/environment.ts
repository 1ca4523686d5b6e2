import { quotedAt } from './extent.ts';
import type { Rule, Scan } from './scan.ts';

/** What `docker inspect` prints of a container's environment: names stay, no value does. */

const env = /"Env(?:ironment)?"\s{0,20}:\s{0,20}\[/y;
const gap = /\s{0,200},?\s{0,200}/y;
const entry = /"([A-Za-z_][A-Za-z0-9_.-]{0,100})=/y;
const lineOfArray = /^[ \t]{0,80}$/;
const endOfEntry = /^"?,?[ \t]{0,20}$/;

/** An array of it; or, where its begin was cut off, a text of capitals and `=` in quotes, or one that is a line's all. */
export const environment: Rule = (scan, from) => {
  const array = scan.match(env, from);
  if (array !== null) return hideEntries(scan, from + array[0].length);
  const found = scan.match(entry, from);
  const quoted = found === null ? null : quotedAt(scan, from);
  if (found === null || quoted === null) return 0;
  const [whole, name = ''] = found;
  const isAll =
    lineOfArray.test(scan.before(from, 81)) &&
    endOfEntry.test(scan.text.slice(quoted.to, Math.min(scan.lineEnd(from), quoted.to + 30)));
  if (!isAll && !/^[A-Z_][A-Z0-9_]*$/.test(name)) return 0;
  scan.hide(from + whole.length, quoted.to);
  return quoted.end;
};

function hideEntries(scan: Scan, begin: number): number {
  let at = begin;
  for (;;) {
    at += scan.match(gap, at)?.[0].length ?? 0;
    const quoted = scan.text[at] === '"' ? quotedAt(scan, at) : null;
    if (quoted === null) return at;
    const sign = quoted.from + scan.text.slice(quoted.from, quoted.to).indexOf('=');
    if (sign >= quoted.from) scan.hide(sign + 1, quoted.to);
    at = quoted.end;
  }
}

const manifestLine = /[ \t]{1,40}["']?[\w.-]{1,100}["']?:[ \t]{1,5}/y;

/** A manifest of kind Secret: whatever is under `data` or `stringData`. */
export function hideManifestLine(scan: Scan, lineBegin: number): number {
  const found = scan.match(manifestLine, lineBegin);
  if (found === null) return 0;
  const at = lineBegin + found[0].length;
  const rest = scan.text.slice(at, scan.lineEnd(at));
  return /^["']?[A-Za-z0-9+/]{8,}={0,2}["']?\s*$/.test(rest) && rest.length < 20_000
    ? scan.hide(at, at + rest.trimEnd().length)
    : 0;
}
