import type { Rule } from './scan.ts';

/** Hashes of passwords: who has one can look for the password at home. */

const crypt =
  /\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,20}|bcrypt-sha256|P|H|S|sha1|md5)\$[A-Za-z0-9./,=$+_-]{8,}/y;
const inBraces =
  /\{(?:SSHA|SHA|SMD5|MD5|SSHA256|SSHA512|SHA256|SHA512|CRYPT|BCRYPT|PBKDF2[\w-]{0,20}|ARGON2|BLF-CRYPT)\}[A-Za-z0-9+/=.$_-]{8,}/iy;
const django = /(?:pbkdf2_sha(?:1|256|512)|bcrypt_sha256|argon2|scrypt|sha1|md5)\$[A-Za-z0-9./,=$+_:-]{16,}/y;
const scram = /SCRAM-SHA-(?:1|256)\$\d{1,7}:[A-Za-z0-9+/=]{8,}\$[A-Za-z0-9+/=:]{8,}/y;

export const hash: Rule = (scan, from) => {
  const found = scan.match(crypt, from) ?? scan.match(inBraces, from);
  return found === null ? 0 : scan.hide(from, from + found[0].length);
};

export const namedHash: Rule = (scan, from) => {
  const found = scan.match(django, from) ?? scan.match(scram, from);
  return found === null ? 0 : scan.hide(from, from + found[0].length);
};
