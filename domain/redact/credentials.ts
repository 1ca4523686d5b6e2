import { removed } from './mark.ts';
import { isSecretName, secretNameEnd } from './names.ts';

/** Secrets known by where they stand: in a URL, behind a name, in a header, behind an option. */
export function redactCredentials(text: string): string {
  const byLine = text.replace(environmentLine, (whole, start: string, name: string) =>
    isSecretName(name) ? `${start}${name}=${removed}` : whole,
  );
  return rules.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), byLine);
}

/** A line of an environment: the value is all of it, whatever signs it holds. */
const environmentLine = /^([ \t]{0,40}(?:export )?)([A-Z][A-Z0-9_]{0,100})=[^\r\n]{1,4000}/gm;

type Rule = readonly [RegExp, string];

const quotedValue = `"(?:[^"\\\\\\n]|\\\\.){0,4000}"?|'(?:[^'\\\\\\n]|\\\\.){0,4000}'?`;
/** Up to a space or a separator; a quote ends it only where a quoted string would end. */
const bareValue = `(?:[^\\s,;&"'\`]|["'\`](?![\\s,;\\]})]|$)){1,2000}`;

/** Says that there is no secret: just what a person needs to see. */
const nothing = '(?!(?:null|nil|none|undefined|missing|empty|unset|false|true)(?![\\w.-]))';

const rules: readonly Rule[] = [
  // scheme://user:password@host. A port (`localhost:3000/@user`) is no password.
  [/(:\/\/[^\s:/@"'<>]{0,128}:)(?!\d{1,5}\/)[^\s"'<>]{1,512}(?=@[A-Za-z0-9_[/])/g, `$1${removed}`],
  // https://token@host: a user name that long is none.
  [/(:\/\/)[A-Za-z0-9_.~%+-]{20,512}(?=@[A-Za-z0-9_[])/g, `$1${removed}`],
  // Authorization, cookies: the whole header.
  [
    /((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?)(?!\[redacted\])(?:[A-Za-z][A-Za-z0-9-]{0,30} )?[^\s"',;}]{1,4000}/gi,
    `$1${removed}`,
  ],
  [/((?:^|[\s"'])(?:set-)?cookie["']?\s{0,3}: {0,3}["']?)[^\r\n"']{1,4000}/gi, `$1${removed}`],
  // "name": "value", name='value', name="value"
  [
    new RegExp(`(${secretNameEnd}\\\\?["']?\\s{0,3}(?:=>|:=|[:=])\\s{0,3}[bru]?)(?:${quotedValue})`, 'gi'),
    `$1"${removed}"`,
  ],
  // The same with quotes that are escaped themselves, as JSON inside JSON has them.
  [
    new RegExp(`(${secretNameEnd}\\\\"\\s{0,3}[:=]\\s{0,3})\\\\"[^"\\\\\\n]{0,2000}(?:\\\\"|$)`, 'gi'),
    `$1\\"${removed}\\"`,
  ],
  // name = value, as .ini, TOML and a program's own words have it
  [
    new RegExp(
      `(${secretNameEnd}[ \\t]{0,40}[=＝](?![=>])[ \\t]{1,40}|${secretNameEnd}[ \\t]{1,40}[=＝](?![=>]))(?!["'])${nothing}${bareValue}`,
      'gi',
    ),
    `$1${removed}`,
  ],
  // The same with full-width signs
  [
    new RegExp(`(${secretNameEnd}[ \\t]{0,3}[：＝][ \\t]{0,3})(?!["'])${nothing}${bareValue}`, 'gi'),
    `$1${removed}`,
  ],
  // name=value, as environments, connection strings and query strings have it
  [new RegExp(`(${secretNameEnd}=)(?!["'])${nothing}${bareValue}`, 'gi'), `$1${removed}`],
  // name: value on a line of its own (YAML, headers), or with a value that no word of prose looks like
  [
    new RegExp(
      `(^[ \\t]{0,40}(?:- )?[A-Za-z0-9_.-]{0,64}${secretNameEnd}[ \\t]{0,3}:[ \\t]{1,5})(?!["'])${nothing}\\S{1,2000}[ \\t]{0,5}$`,
      'gim',
    ),
    `$1${removed}`,
  ],
  [
    new RegExp(
      `(${secretNameEnd} {0,2}: {0,2})(?=[^\\s\\d]{0,200}\\d)[A-Za-z0-9_.~+/=!@#$%^*-]{6,2000}`,
      'gi',
    ),
    `$1${removed}`,
  ],
  // --password value, "--requirepass", "value"
  [
    new RegExp(
      `(--?[A-Za-z-]{0,40}${secretNameEnd}(?:["']\\s{0,100},\\s{0,100}["']|[ \\t]{1,3}["']?))(?!-)${bareValue}`,
      'gi',
    ),
    `$1${removed}`,
  ],
  [/(\bIDENTIFIED BY |\bPASSWORD )'(?:[^'\n]|''){0,500}'?/gi, `$1'${removed}'`],
];
