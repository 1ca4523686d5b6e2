/**
 * Cuts of texts whose secrets are still in them. Half a secret no longer looks like one, so what a cut may have gone
 * through goes with it: the line, and of a line that is longer than any secret of its kind, so much of it.
 */

/** As far as a secret reaches that is written in one line, in characters: a key of 8,192 bits in base64 has 6,400. */
const reach = 8192;

/** The first part of a text, without the line that the cut went through. */
export function cutEnd(text: string, most: number): string {
  return text.length <= most ? text : beforeSeam(text.slice(0, most));
}

/** The last part of a text, without the line that the cut went through. */
export function cutBegin(text: string, most: number): string {
  return text.length <= most ? text : afterSeam(text.slice(-most));
}

/** What stands before a place where a text was cut. */
export function beforeSeam(text: string): string {
  const line = text.lastIndexOf('\n');
  const least = Math.max(0, text.length - reach);
  if (line >= least) return text.slice(0, line + 1);
  if (text.length > 2 * reach) return text.slice(0, least);
  // Of a short line the last word, or half of it where it is hardly more than that.
  return text.slice(0, Math.max(text.lastIndexOf(' '), text.length >> 1));
}

/** What stands behind it. The lines of a key whose beginning is gone go too. */
export function afterSeam(text: string): string {
  const line = text.indexOf('\n');
  if (line === -1 || line > reach) {
    if (text.length > 2 * reach) return text.slice(reach);
    const blank = text.indexOf(' ');
    return text.slice(blank === -1 ? text.length >> 1 : Math.min(blank + 1, text.length >> 1));
  }
  return text.slice(line + 1).replace(/^(?:[ \t]{0,40}[A-Za-z0-9+/=_-]{30,100}\r?\n){1,400}/, '');
}
