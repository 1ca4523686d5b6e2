import { readable } from './readable.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for Telegram's HTML, attribute values included. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

export const asIs = (text: string): string => text;

/**
 * Makes foreign text fit for a message: line ends as \n, no control characters, no lone surrogates (Telegram
 * refuses both), no invisible characters that turn the reading direction round and so could disguise a name.
 */
export const cleanText = (text: string): string =>
  readable(text)
    .replace(/\n{3,}/g, '\n\n')
    .trim();

const MARK = '…';

/** Takes whole code points from the front until their escaped length reaches `budget` UTF-16 units. */
const take = (points: readonly string[], budget: number, escape: (text: string) => string): string => {
  let length = 0;
  let taken = '';
  for (const point of points) {
    length += escape(point).length;
    if (length > budget) break;
    taken += point;
  }
  return taken;
};

/**
 * Shortens `text` so that its escaped form has at most `budget` UTF-16 units, the ellipsis included, and never
 * cuts through a surrogate pair or an entity. Returns the text unescaped.
 * @param where `end` keeps the beginning; `middle` keeps both ends, the last third included.
 */
export const clip = (
  text: string,
  budget: number,
  escape: (text: string) => string,
  where: 'end' | 'middle' = 'end',
): string => {
  if (escape(text).length <= budget) return text;
  if (budget <= MARK.length) return '';
  const room = budget - MARK.length;
  // An escaped code point is never shorter than one unit: nothing beyond `room` points can fit.
  if (where === 'end') return take(Array.from(text.slice(0, room * 2 + 1)), room, escape).trimEnd() + MARK;
  const points = Array.from(text);
  const tail = take(points.slice(-room).reverse(), Math.floor(room / 3), escape);
  const head = take(points.slice(0, room), room - escape(tail).length, escape);
  return head.trimEnd() + MARK + Array.from(tail).reverse().join('').trimStart();
};

/**
 * Shares `total` units among texts of the given lengths: the short ones get all they need, what is left is
 * divided evenly among the long ones.
 */
export const shareOut = (lengths: readonly number[], total: number): number[] => {
  const shares = lengths.map(() => 0);
  let left = Math.max(0, total);
  const shortestFirst = lengths
    .map((length, index) => ({ length, index }))
    .sort((a, b) => a.length - b.length);
  shortestFirst.forEach(({ length, index }, position) => {
    const share = Math.min(length, Math.floor(left / (shortestFirst.length - position)));
    shares[index] = share;
    left -= share;
  });
  return shares;
};
