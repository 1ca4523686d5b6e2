/**
 * What a name looks like to a person, whatever it is made of: used only to recognise protected names in
 * disguise, so that a wrong guess errs towards protecting (ADR-013 A8).
 */

/** Letters of other scripts that read as a Latin one (the part of Unicode's confusables that matters for names). */
const lookAlikes = new Map(
  Object.entries({
    a: 'аαɑ', b: 'ЬьƄβв', c: 'сϲⅽ', d: 'ԁⅾɗ', e: 'еєҽε℮', f: 'ƒϝ', g: 'ɡցԍ', h: 'һհн', i: 'іιıɩӏꙇ',
    j: 'јϳ', k: 'кκ', l: 'ⅼӀǀ', m: 'мⅿʍ', n: 'ոпηռ', o: 'оοσօഠ০०о', p: 'рρϼ', q: 'ԛգ', r: 'гᴦ', s: 'ѕꜱ',
    t: 'тτᴛ', u: 'υսʋц', v: 'ѵν', w: 'ԝѡω', x: 'хχ', y: 'уүγ', z: 'ᴢ',
  }).flatMap(([latin, others]) => [...others].map((other): [string, string] => [other, latin])),
); // prettier-ignore

/** Greek capitals that read as Latin ones but whose small letters don't. */
const capitals: Readonly<Record<string, string>> = Object.fromEntries(
  [...'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ'].map((greek, at) => [greek, 'abezhikmnoptyx'[at] ?? greek]),
);

/** Undoes percent, HTML, C and JavaScript escapes, up to three layers deep. */
function unescaped(text: string): string {
  let current = text;
  for (let layer = 0; layer < 3; layer += 1) {
    const next = current
      .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => character(hex, 16))
      .replace(/\\[uxU]\{([0-9a-fA-F]{1,8})\}/g, (_, hex: string) => character(hex, 16))
      .replace(/\\U([0-9a-fA-F]{8})/g, (_, hex: string) => character(hex, 16))
      .replace(/(?:\\|%)[uU]([0-9a-fA-F]{4})/g, (_, hex: string) => character(hex, 16))
      .replace(/\\[xX]([0-9a-fA-F]{2})/g, (_, hex: string) => character(hex, 16))
      .replace(/\\([0-7]{3})/g, (_, octal: string) => character(octal, 8))
      .replace(/&#[xX]([0-9a-fA-F]{1,6});/g, (_, hex: string) => character(hex, 16))
      .replace(/&#(\d{1,7});/g, (_, decimal: string) => character(decimal, 10))
      .replace(/&(?:hyphen|dash|minus|lowbar);/gi, '-');
    if (next === current) break;
    current = next;
  }
  return current;
}

function character(digits: string, base: number): string {
  const codePoint = Number.parseInt(digits, base);
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '';
}

/**
 * The skeleton of a name: escapes undone, compatibility forms and accents folded, invisible characters and quotes
 * dropped, case folded, look-alike letters made Latin, and every run of separators made one dash. At most the
 * first 600 characters count; a longer name is no name at all.
 */
export function skeleton(name: string): string {
  const folded = unescaped(name.slice(0, 600))
    .normalize('NFKD')
    .replace(/[\p{Cf}\p{Cc}\p{M}\p{Z}\s"'`\\]/gu, '')
    .replace(/[Α-Ω]/g, (greek) => capitals[greek] ?? greek)
    .toUpperCase()
    .toLowerCase();
  const latin = [...folded].map((letter) => lookAlikes.get(letter) ?? letter).join('');
  return latin.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
}

const asLetters: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', '5': 's', rn: 'm', vv: 'w' };

/** A skeleton with digits and pairs that read as a letter replaced by it: `m0mo` and `rnomo` both read `momo`. */
export function readsAs(nameSkeleton: string): string {
  return nameSkeleton.replace(/[015]|rn|vv/g, (found) => asLetters[found] ?? found);
}
