/**
 * PostgreSQL takes neither NUL nor half a surrogate pair, and error texts of real programs hold both. A record must
 * not be refused for one character: each is replaced by U+FFFD on the way in.
 */

/** @returns the text as PostgreSQL takes it in `text` columns */
export function storableText(text: string): string {
  // eslint-disable-next-line no-control-regex -- NUL is what this is about
  return text.replace(/\u0000|\p{Surrogate}/gu, '\uFFFD');
}

/**
 * @param value anything JSON can say
 * @returns its JSON text as PostgreSQL takes it in `jsonb` columns, keys included
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  // JSON.stringify escapes exactly the two troublemakers; the last branch steps over every other escape.
  return json.replace(/\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g, (escape, code: string) =>
    code === 'u0000' || code.startsWith('ud') ? '\uFFFD' : escape,
  );
}
