import type { Embedder } from '../../../domain/embedding.ts';

/**
 * The embedder that is always there: no model, no network, the same vector for the same text on every machine. It
 * finds texts that share words and parts of words, which is what error messages of one cause do; it knows nothing of
 * meaning. Chinese is taken by characters and pairs, because it has no spaces.
 */
export function createLexicalEmbedder(): Embedder {
  return {
    model: `lexical-${dimensions}-v1`,
    embed: async (texts) => ({ ok: true, vectors: texts.map(toVector) }),
  };
}

const dimensions = 256;
/** A whole word says more than three letters of it. */
const weights = { word: 1, pair: 0.7, part: 0.3 };
const longestText = 20_000;

function toVector(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const [feature, weight] of countFeatures(text)) {
    const hash = fnv1a(feature);
    const at = hash % dimensions;
    // The sign comes from a bit of its own, so that collisions cancel out rather than add up.
    vector[at] = (vector[at] ?? 0) + (hash & 0x8000_0000 ? -weight : weight);
  }
  const length = Math.hypot(...vector);
  // A text without any feature still needs a direction: cosine is undefined for zero.
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0));
  return vector.map((value) => Number((value / length).toFixed(6)));
}

/** Each feature with its weight; a word that comes ten times counts about three times, not ten. */
function countFeatures(text: string): Map<string, number> {
  const counts = new Map<string, { times: number; weight: number }>();
  const add = (feature: string, weight: number): void => {
    const known = counts.get(feature);
    counts.set(feature, { times: (known?.times ?? 0) + 1, weight });
  };
  for (const word of wordsOf(text)) {
    add(`w:${word}`, weights.word);
    if (/^\p{Script=Han}/u.test(word)) continue;
    const padded = `<${word}>`;
    for (let at = 0; at + 3 <= padded.length; at++) add(`p:${padded.slice(at, at + 3)}`, weights.part);
  }
  for (const [run] of text
    .normalize('NFKC')
    .slice(0, longestText)
    .matchAll(/\p{Script=Han}{2,}/gu)) {
    const characters = [...run];
    characters
      .slice(1)
      .forEach((character, index) => add(`h:${characters[index]}${character}`, weights.pair));
  }
  return new Map(
    [...counts].map(([feature, { times, weight }]) => [feature, weight * (1 + Math.log(times))]),
  );
}

function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKC').slice(0, longestText).toLowerCase();
  // Numbers differ from one case to the next: that there is one is all that counts.
  return (plain.match(/\p{Script=Han}|[\p{L}\p{M}]+|\p{N}+/gu) ?? []).map((word) =>
    /^\p{N}/u.test(word) ? '#' : word,
  );
}

/** 32 bits of FNV-1a over UTF-16 code units, mixed once more so that short features spread out. */
function fnv1a(text: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
