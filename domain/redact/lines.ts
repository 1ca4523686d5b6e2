import { looksSecret } from './harmless.ts';
import type { Rule, Scan } from './scan.ts';

const fields =
  /([^\s:/\\]{1,100}|\/[\w/.-]{1,100}):(\d{1,5}|\*):([^\s:]{1,100}):([^\s:]{1,100}):(\S{3,1000})[ \t]{0,9}(?:\r?\n|$)/y;

/** A line of .pgpass: `host:port:database:user:password`. */
export function hideFields(scan: Scan, at: number): number {
  const found = scan.match(fields, at);
  if (found === null) return 0;
  const [whole, host = '', , database = '', user = '', password = ''] = found;
  // The place in a file that a compiler names, an address of version 6, a time.
  if (
    /^\d+$/.test(database) ||
    /^[0-9a-f]{1,4}$/i.test(host) ||
    /\.(?:[jt]sx?|py|c|h|cc|cpp|go|rs|java|rb|php|sh)$/.test(host) ||
    /^\d+$/.test(user)
  )
    return 0;
  const from = at + whole.lastIndexOf(password);
  return scan.hide(from, from + password.length);
}

const protocol = /@(?:tcp|udp|unix|cloudsql)\(/y;
const hostBehind = /@[A-Za-z][\w-]{0,60}(?:\.[\w-]{1,60}){0,6}(?:[:/]|\.[a-z]{2,10}\b|$|\s)/y;
const oracle =
  /(?:jdbc:oracle:thin:|\b(?:sqlplus|expdp|impdp|sqlldr|exp|imp|rman)\b.{0,100}|\bconnect\s.{0,40}|dsn=.{0,40})$/i;

/** `user:password@host` and `user:password@tcp(host)` without a scheme before them; Oracle's `user/password@host`. */
export const hideLogin: Rule = (scan, from) => {
  const isDriver = scan.match(protocol, from) !== null;
  const isHost = scan.match(hostBehind, from) !== null;
  if (!isDriver && !isHost && !/[/\w]/.test(scan.text[from + 1] ?? '')) return 0;
  const least = Math.max(scan.lineBegin, from - 300);
  let begin = from;
  while (begin > least && !' \t"\'`=(,[@'.includes(scan.text[begin - 1] ?? ' ')) begin -= 1;
  scan.spend(from - begin);
  const login = scan.text.slice(begin, from);
  const sign = login.indexOf(':');
  const password = login.slice(sign + 1);
  if (sign > 0 && isName(login.slice(0, sign)) && password.length >= 4 && !password.includes('//')) {
    if (isDriver || (isHost && looksSecret(password) && !/^\d/.test(password)))
      return scan.hide(from - password.length, from) && from + 1;
  }
  const slash = login.lastIndexOf('/');
  const secret = login.slice(slash + 1);
  const user = login.slice(login.lastIndexOf(':', slash) + 1, slash);
  if (
    slash < 1 ||
    secret.length < 3 ||
    !isName(user) ||
    !oracle.test(scan.before(from - secret.length - user.length - 1, 160))
  )
    return 0;
  return scan.hide(from - secret.length, from) && from + 1;
};

const isName = (text: string): boolean => /^[A-Za-z_][\w.$-]{0,60}$/.test(text);
