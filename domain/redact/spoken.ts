import { bareEnd, quotedAt, trimmedEnd } from './extent.ts';
import { isHarmless, looksSecret } from './harmless.ts';
import { mixes } from './named.ts';
import { programs } from './options.ts';
import type { Scan } from './scan.ts';
import { hideRows } from './sql.ts';

const quotedSql = /(?:\s{0,20}\(\s{0,9}|\s{1,20}(?:AS\s{1,9})?)'/iy;
const by = /\s{1,20}(?:WITH\s{1,20}\S{1,60}\s{1,20})?(?:BY|AS)\s{1,20}(?:PASSWORD\s{1,20})?(?=['"])/iy;
/** `aws configure set NAME X`, `setx NAME X`. */
const setBefore =
  /\b(?:configure set|config set|setx|set-variable|env:set|secrets? set)\s{1,9}["']?[\w./:@-]{0,60}$/i;
const blankWord = /[ \t]{1,20}(?=\S)/y;

/** Secrets behind a word and a blank: SQL, a .netrc, a schemes' credentials, the configuration of some servers. */
export function hideSpoken(scan: Scan, lower: string, isSecret: boolean, from: number, end: number): number {
  if (programs.has(lower)) scan.command = { name: lower, from };
  switch (lower) {
    case 'identified': {
      const found = scan.match(by, end);
      return found === null ? 0 : hideQuoted(scan, end + found[0].length);
    }
    case 'insert':
    case 'replace':
      return hideRows(scan, from);
    case 'bearer':
    case 'basic':
    case 'token':
    case 'apikey':
    case 'negotiate':
    case 'ntlm':
    case 'bot':
    case 'plain':
    case 'login':
      return hideCredential(scan, lower, from, end);
    case 'requirepass':
    case 'masterauth':
    case 'rootpw':
    case 'bindpw':
      return hideNextWord(scan, end, /^[\s>#"'[{]*$/.test(scan.before(from, 40)));
    case 'password':
    case 'passwd':
      break;
    default:
      return isSecret && setBefore.test(scan.before(from, 80)) ? hideNextWord(scan, end, true) : 0;
  }
  const sql = scan.match(quotedSql, end);
  if (sql !== null) return hideQuoted(scan, end + sql[0].length - 1);
  if (/\blogin\s+\S{1,200}\s+$/.test(scan.text.slice(Math.max(0, from - 240), from)))
    return hideNextWord(scan, end, true);
  const blank = scan.match(blankWord, end);
  if (blank === null) return 0;
  const at = end + blank[0].length;
  const stop = trimmedEnd(scan, at, bareEnd(scan, at));
  const value = scan.text.slice(at, stop);
  const verb = /^(?:is|was|to|set|=)$/i.exec(value);
  if (verb !== null) return hideNextWord(scan, stop, looksSecret(wordAt(scan, stop)));
  return value.length >= 6 &&
    !/^(?:sha|md|aes|bcrypt|scrypt|pbkdf|v|utf|base)-?\d/i.test(value) &&
    mixes(value) &&
    looksSecret(value)
    ? scan.hide(at, stop)
    : 0;
}

function wordAt(scan: Scan, at: number): string {
  const blank = scan.match(blankWord, at);
  if (blank === null) return '';
  const from = at + blank[0].length;
  return scan.text.slice(from, trimmedEnd(scan, from, bareEnd(scan, from)));
}

function hideQuoted(scan: Scan, at: number): number {
  const quoted = quotedAt(scan, at);
  if (quoted === null || isHarmless(scan.text.slice(quoted.from, quoted.to))) return 0;
  return scan.hide(quoted.from, quoted.to) && quoted.end;
}

export function hideNextWord(scan: Scan, end: number, applies: boolean): number {
  const blank = applies ? scan.match(blankWord, end) : null;
  if (blank === null) return 0;
  const at = end + blank[0].length;
  const quoted = quotedAt(scan, at);
  if (quoted !== null) return hideQuoted(scan, at);
  const stop = trimmedEnd(scan, at, bareEnd(scan, at));
  return isHarmless(scan.text.slice(at, stop)) ? 0 : scan.hide(at, stop);
}

const credential = /[ \t]{1,3}([A-Za-z0-9._~+/-]{8,20000}={0,2})/y;

/** Prose follows these words too (`Basic authentication`): a credential has capitals inside, digits or signs. */
function hideCredential(scan: Scan, scheme: string, from: number, end: number): number {
  const found = scan.match(credential, end);
  const value = found?.[1] ?? '';
  if (found === null || !/\d|=$|[a-z][A-Z]|[A-Z]{2}[a-z]|[+/~_]/.test(value) || isHarmless(value, true))
    return 0;
  const isSmtp = scheme === 'plain' || scheme === 'login';
  if (isSmtp && !/\bAUTH\s{1,3}$/.test(scan.before(from, 9))) return 0;
  if (scheme === 'token' && !/[\d]/.test(value)) return 0;
  return scan.hide(end + found[0].length - value.length, end + found[0].length);
}
