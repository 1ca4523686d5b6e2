/** Why policy says no: the rule's name for records and tests, the reason and the way forward for people. */
export interface PolicyRefusal {
  ok: false;
  rule: string;
  reason: string;
  wayForward: string;
}

export function refusal(rule: string, reason: string, wayForward: string): PolicyRefusal {
  return { ok: false, rule, reason, wayForward };
}

/** Text of unknown origin, fit to stand in a sentence: one line, printable ASCII, at most 80 characters. */
export function shown(text: string): string {
  const plain = [...text.slice(0, 200)]
    .map((character) => {
      const codePoint = character.codePointAt(0) ?? 0;
      return codePoint > 0x1f && codePoint < 0x7f ? character : `<U+${codePoint.toString(16).toUpperCase()}>`;
    })
    .join('');
  return plain.length > 80 ? `${plain.slice(0, 77)}...` : plain;
}
