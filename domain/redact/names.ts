/**
 * Names whose values are secrets: `POSTGRES_PASSWORD`, `client_secret`, `X-Api-Key`. Source of a regular
 * expression over the end of a name; what stands before it doesn't matter. `pass`, `pwd` and `sig` count as whole
 * parts of a name only (not `bypass`), and `token` only in the singular (not `max_tokens`).
 */
export const secretNameEnd =
  '(?:passw(?:or)?d|passphrase|密碼|密码|secret|credentials?|' +
  '(?:api|access|secret|private|encryption|signing|master|account|shared|auth|service|session|license)[_.-]?key|' +
  'token|authorization|(?<![A-Za-z])(?:pass|pwd|pw|sig|sas|dsn|pgpass)|(?:db|user|root|admin|pg)pass|requirepass|masterauth)' +
  '(?:[_.-]?(?:base|hash|salt|id|old|new|prev(?:ious)?|next|value|\\d{1,3}))?';

const whole = new RegExp(`${secretNameEnd}$`, 'i');

/** Whether a name, alone, says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return whole.test(name.slice(-100));
}
