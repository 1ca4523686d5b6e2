const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...signs].map((sign, at) => [sign, at]));
values.set('-', 62).set('_', 63);

/** The text that a word is the base64 of; null where it is of no plain text. Stops at the first sign that shows it. */
export function base64Text(word: string): string | null {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const sign of word) {
    if (sign === '=') break;
    const value = values.get(sign);
    if (value === undefined) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const code = (held >> bits) & 0xff;
    if (code > 0x7e || (code < 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09)) return null;
    text += String.fromCharCode(code);
  }
  return text;
}
