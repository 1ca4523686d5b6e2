import { wideColon } from './fold.ts';
import { hideNamed } from './named.ts';
import { hidePartner, hideTuple } from './pairs.ts';
import type { Rule, Scan } from './scan.ts';
import { isSecretName } from './secret-names.ts';
import { hideNextWord, hideSpoken } from './spoken.ts';
import { tokenAt } from './token-forms.ts';

/** What may stand behind a name that something is said of. */
const behind = new Set(`=:"'\`\\ \t)]%&-,\n(${wideColon}`);
/** 密碼是: the word says already that its value follows. */
const copulas = new Set('是為为は');

/** A word: a name, a program, a token, or the beginning of what a language has for passwords. */
export const word: Rule = (scan, from, to) => {
  const token = tokenIn(scan, from, to);
  if (token > 0) return token;
  let end = to;
  while (end > from && '.-'.includes(scan.text[end - 1] ?? ' ')) end -= 1;
  if (
    copulas.has(scan.text[end - 1] ?? '') &&
    isSecretName(scan.text.slice(Math.max(from, end - 40), end - 1))
  ) {
    const taken = hideNextWord(scan, end, true);
    if (taken > 0) return taken;
  }
  if (!behind.has(scan.text[end] ?? '')) return 0;
  const begin = Math.max(from, end - 100);
  const name = scan.text.slice(begin, end);
  const lower = name.toLowerCase();
  const isSecret = isSecretName(name);
  const taken =
    hideNamed(scan, { name, lower, isSecret, from: begin, end }) ||
    hideSpoken(scan, lower, isSecret, begin, end);
  if (taken > 0 || !isSecret) return taken;
  return hidePartner(scan, from, end) || hideTuple(scan, from, end);
};

/** Tokens begin where a part of a word does. */
function tokenIn(scan: Scan, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const before = scan.text.charCodeAt(at - 1);
    const isInside =
      at > from &&
      ((before >= 48 && before <= 57) || (before >= 65 && before <= 90) || (before >= 97 && before <= 122));
    if (isInside) continue;
    const end = tokenAt(scan, at, to);
    if (end > 0) return scan.hide(at, end);
  }
  return 0;
}
