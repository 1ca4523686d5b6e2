import { longNames, ownNames, shortNames } from './tables.ts';

/** An id, or a piece of a commit's: all hexadecimal, with a digit. It says nothing about what is in the image. */
const isHash = (word: string): boolean =>
  word.length >= 6 && /^g?[0-9a-f]+$/.test(word) && /[0-9]/.test(word);

/**
 * Whether this word (small letters and digits) names a program that holds data: it holds a store's long name, is a
 * short one with or without a version, or ends in `db`.
 * @param own whether it stands where a program's own name stands, in the last part of an image's path
 */
function isStoreWord(word: string, own: boolean): boolean {
  if (word === '' || isHash(word)) return false;
  if (longNames.some((name) => word.includes(name))) return true;
  return [word, word.replace(/[0-9].*$/, '')].some(
    (name) => name.endsWith('db') || shortNames.includes(name) || (own && ownNames.includes(name)),
  );
}

/** Whether this word is a store's name and nothing more, with or without a version: `db`, `redis7`; not `redistribute`. */
export function isStoreName(word: string): boolean {
  const base = word.replace(/[0-9].*$/, '');
  return [word, base].some(
    (name) => name.endsWith('db') || shortNames.includes(name) || longNames.includes(name),
  );
}

/** The first word of a text that names a store, or null. */
export function storeIn(text: string, own = false): string | null {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  return words.find((word) => isStoreWord(word, own)) ?? null;
}

/**
 * The word of an image's name by which it counts as a store's, or null: of its path or its tag, whatever the registry
 * and the digest. `registry:5000/team/my-postgres:16@sha256:…`, `base:pg16`.
 */
export function storeInImage(image: string): string | null {
  const name = image.trim().toLowerCase().replace(/@.*$/, '');
  const parts = name.split('/');
  const last = (parts.pop() ?? '').split(':');
  // The first part of several is a registry's address when it has a dot or a port: not a word about the program.
  if (/[.:]/.test(parts[0] ?? '')) parts.shift();
  return storeIn(parts.join('/')) ?? storeIn(last[0] ?? '', true) ?? storeIn(last.slice(1).join(':'));
}

/** Whether an image has no name, only an id: all of it (`whole`), or the beginning of one. */
export function imageId(image: string): 'whole' | 'short' | null {
  const name = image.trim().toLowerCase().replace(/@.*$/, '');
  if (name === '' || name.startsWith('sha256:')) return 'whole';
  if (!/^[0-9a-f]+$/.test(name)) return null;
  return name.length >= 12 ? 'whole' : 'short';
}
