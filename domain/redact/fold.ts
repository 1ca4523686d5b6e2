/** Text as the scanner reads it, with the place that each of its characters has in what was written. */
export interface Folded {
  text: string;
  /** Place in the original of the character at `at`, or of the end. */
  placeOf: (at: number) => number;
}

/** Colours of a terminal, and signs that nobody sees: between a name and its value they hide it from any pattern. */
const unseen =
  // eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]{0,200}(?:\u0007|\u001b\\)|[@-Z\\-_])|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A wide colon, after which no blank is needed: a sign that no text has. */
export const wideColon = '\ue03a';

/** Signs of other scripts that read as the ones that programs write. Each stands for one character. */
const readsAs = new Map(
  [...'“”„‟「」『』＂'].map((sign): [string, string] => [sign, '"']).concat(
    [...'‘’‚‛＇'].map((sign): [string, string] => [sign, "'"]),
    [...'\u00a0\u3000'].map((sign): [string, string] => [sign, ' ']),
    [['：', wideColon], ['﹕', wideColon], ['︰', wideColon], ['︓', wideColon], ['꞉', ':'], ['∶', ':'], ['﹦', '='], ['꞊', '=']],
  ),
); // prettier-ignore

/** One character for one: full-width letters and signs, quotes, blanks. */
function plain(text: string): string {
  return text.replace(
    /[\u00a0\u2018-\u201f\u2236\u3000\u300c-\u300f\ua789\ua78a\ufe13\ufe30\ufe55\ufe66\uff01-\uff5e]/g,
    (sign) => {
      const code = sign.charCodeAt(0);
      return code >= 0xff01 && code <= 0xff5e && !readsAs.has(sign)
        ? String.fromCharCode(code - 0xfee0)
        : (readsAs.get(sign) ?? sign);
    },
  );
}

export function fold(original: string): Folded {
  if (/^[\t\n\r\u0020-\u007e]*$/.test(original)) return { text: original, placeOf: (at) => at };
  const pieces: string[] = [];
  /** Where each piece begins in the folded text, and in the original. */
  const begins: [folded: number, original: number][] = [];
  let length = 0;
  let at = 0;
  const take = (to: number): void => {
    if (to === at) return;
    begins.push([length, at]);
    pieces.push(original.slice(at, to));
    length += to - at;
  };
  for (const match of original.matchAll(unseen)) {
    take(match.index);
    at = match.index + match[0].length;
  }
  take(original.length);
  return { text: plain(pieces.join('')), placeOf: (place) => placeIn(begins, place) };
}

function placeIn(begins: readonly [number, number][], place: number): number {
  let low = 0;
  let high = begins.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((begins[middle]?.[0] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  const [folded, original] = begins[low] ?? [0, 0];
  return original + place - folded;
}
