/** What Telegram's HTML mode takes: https://core.telegram.org/bots/api#html-style (the tags used here and a few). */
const TAGS = new Set(['b', 'strong', 'i', 'em', 'u', 's', 'code', 'pre', 'a', 'blockquote', 'tg-spoiler']);
const TOKEN =
  /<(\/?)([a-z-]+)((?:\s+[a-z-]+="[^"<>]*")*)>|&(lt|gt|amp|quot|#\d{1,7}|#x[0-9a-f]{1,6});|[<&>]|[^<&>]+/giy;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/**
 * Parses as strictly as the Bot API and a little stricter: every `<`, `>` and `&` has to belong to a tag or an
 * entity. Returns the text that a reader sees, or what Telegram would complain about.
 */
export const parseTelegramHtml = (html: string): { ok: true; text: string } | { ok: false; why: string } => {
  if (/\p{Surrogate}/u.test(html)) return { ok: false, why: 'strings must be encoded in UTF-8' };
  const open: string[] = [];
  let text = '';
  for (const match of html.matchAll(TOKEN)) {
    const [token, slash, tag, attributes, entity] = match;
    if (tag !== undefined) {
      const name = tag.toLowerCase();
      if (!TAGS.has(name)) return { ok: false, why: `Unsupported start tag "${name}"` };
      if (slash === '/') {
        if (open.pop() !== name) return { ok: false, why: `Unmatched end tag at byte offset ${match.index}` };
      } else {
        if (name === 'a' && !/^\s+href="[^"]+"$/.test(attributes ?? ''))
          return { ok: false, why: 'a without href' };
        open.push(name);
      }
    } else if (entity !== undefined) {
      text += NAMED[entity.toLowerCase()] ?? '?';
    } else if (token === '<' || token === '&' || token === '>') {
      return { ok: false, why: `Unexpected "${token}" at byte offset ${match.index}` };
    } else {
      text += token;
    }
  }
  if (open.length > 0)
    return { ok: false, why: `Can't find end tag corresponding to start tag "${open.at(-1)}"` };
  return { ok: true, text };
};
