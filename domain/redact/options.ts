import { bareEnd, quotedAt, trimmedEnd } from './extent.ts';
import { isHarmless } from './harmless.ts';
import type { Rule, Scan } from './scan.ts';
import { isSecretName } from './secret-names.ts';
import { hideKey } from './keys.ts';

/** How a program takes a secret by an option of one letter. */
interface Program {
  /** Options whose value is a secret, behind a blank or attached. */
  values: string;
  /** Options whose value is a secret only where it is attached: `mysql -pX`. */
  attached?: string;
  /** Options whose value is `user:password`. */
  pairs?: string;
  /** Only where this word stands on the line, too. */
  with?: RegExp;
}

const login = /\blogin\b/;
const families: readonly [names: string, program: Program][] = [
  ['mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mysqlpump mariadb mariadb-dump mariadb-admin mariabackup xtrabackup mytop mycli', { values: '', attached: 'p' }],
  ['7z 7za 7zr 7zz', { values: '', attached: 'p' }],
  ['sshpass plink pscp', { values: 'p' }],
  ['docker podman nerdctl buildah skopeo crane helm oras az oc argocd ibmcloud cf', { values: 'p', with: login }],
  ['ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapcompare ldapmodrdn', { values: 'w' }],
  ['ldappasswd', { values: 'was' }],
  ['redis-cli valkey-cli keydb-cli', { values: 'a' }],
  ['curl', { values: '', pairs: 'uU' }],
  ['http https xh', { values: '', pairs: 'a' }],
  ['mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat', { values: 'p' }],
  ['sqlcmd bcp osql isql', { values: 'P' }],
  ['ipmitool unzip zip', { values: 'P' }],
  ['cqlsh rabbitmqadmin rdesktop influx mosquitto_pub mosquitto_sub nxc', { values: 'pP' }],
  ['smbclient rpcclient smbget smbmap net', { values: '', pairs: 'U' }],
  ['snmpwalk snmpget snmpset snmpbulkwalk', { values: 'AXc' }],
  ['lftp ftp ncftp', { values: 'p', pairs: 'u' }],
  ['openssl', { values: 'k' }],
  ['wget aria2c ab', { values: '', pairs: 'A' }],
]; // prettier-ignore

export const programs = new Map(
  families.flatMap(([names, program]) => names.split(' ').map((name) => [name, program] as const)),
);

/** How far behind its name a program's options may stand. */
const reach = 600;

const optionName = /-{1,2}([A-Za-z][\w.-]{0,80})/y;
const between = /(?:=|[ \t]{1,8}(?:\\\r?\n[ \t]{0,40})?|\\{0,32}["']\s{0,80},\s{0,80}(?=\\{0,32}["']))/y;
const listedBetween = /\\{0,32}["']\s{0,80},\s{0,80}\\{0,32}["']/y;
const pair = /\\{0,32}["']?[^\s:"'%,]{0,100}[:%,]/y;

/** An option: of a secret's name, or of a program that takes one by it. */
export const option: Rule = (scan, from, to) => {
  const key = hideKey(scan, from, to);
  if (key > 0) return key;
  const before = scan.text[from - 1] ?? ' ';
  if (!/[\s"'`[(,=|]/.test(before)) return 0;
  const found = scan.match(optionName, from);
  if (found === null) return 0;
  const [whole, name = ''] = found;
  const short = scan.command !== null && !whole.startsWith('--') ? ofProgram(scan, from, name) : 0;
  if (short > 0) return short;
  if (!isSecretName(name) && !/^(?:user|proxy-user|auth)$/.test(name)) return 0;
  const gap = scan.match(between, from + whole.length);
  if (gap === null) return 0;
  const at = from + whole.length + gap[0].length;
  if (!isSecretName(name)) return scan.command?.name === 'curl' || name === 'auth' ? hidePair(scan, at) : 0;
  return hideArgument(scan, at);
};

function ofProgram(scan: Scan, from: number, name: string): number {
  const { command } = scan;
  const program = command === null ? undefined : programs.get(command.name);
  if (command === null || program === undefined || from - command.from > reach) return 0;
  if (program.with !== undefined && !program.with.test(scan.text.slice(command.from, from))) return 0;
  const letter = name.charAt(0);
  const isAttached = name.length > 1;
  const at = from + 2;
  if (program.attached?.includes(letter) === true)
    return isAttached ||
      /^(?:\S|["'][^\s,\]])/.test(scan.text.slice(at, at + 2).replace(/^["'](?=[\s,\]]|$)/, ' '))
      ? hideArgument(scan, at)
      : 0;
  const isPair = program.pairs?.includes(letter) === true;
  if (!isPair && !program.values.includes(letter)) return 0;
  // `-passin`, `-port`: a longer option of the same letter.
  if (isAttached && /^(?:pass(?:in|out)|port|password|user|key|cert)/.test(name)) return 0;
  const gap = isAttached ? null : (scan.match(between, at) ?? scan.match(listedBetween, at));
  const value = gap === null ? at : at + gap[0].length;
  return isPair ? hidePair(scan, value) : hideArgument(scan, value);
}

function hideArgument(scan: Scan, at: number): number {
  const source = scan.match(/(?:pass|env|file|fd|stdin):/y, at);
  if (source !== null && source[0] !== 'pass:') return 0;
  const begin = source === null ? at : at + source[0].length;
  const quoted = quotedAt(scan, begin);
  if (quoted !== null) {
    return isHarmless(scan.text.slice(quoted.from, quoted.to))
      ? 0
      : Math.max(scan.hide(quoted.from, quoted.to), quoted.end);
  }
  if (scan.text[begin] === '-') return 0;
  const end = trimmedEnd(scan, begin, bareEnd(scan, begin));
  return isHarmless(scan.text.slice(begin, end)) ? 0 : scan.hide(begin, end);
}

/** `user:password`, of which the name stays; `1000:1000` is a user and a group. */
function hidePair(scan: Scan, at: number): number {
  const user = scan.match(pair, at);
  if (user === null) return 0;
  const from = at + user[0].length;
  const isQuoted = /^\\*["']/.test(user[0]);
  const quoted = isQuoted ? quotedAt(scan, at) : null;
  const end = quoted?.to ?? trimmedEnd(scan, from, bareEnd(scan, from));
  const value = scan.text.slice(from, end);
  return isHarmless(value) || /^\d{1,5}$/.test(value) ? 0 : scan.hide(from, end);
}
