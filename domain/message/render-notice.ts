import type { Notice } from './notice.ts';
import type { Block } from './blocks.ts';
import { blocksOf } from './blocks.ts';
import { asIs, cleanText, clip, escapeHtml, shareOut } from './clip.ts';
import type { RenderedMessage } from './messenger.ts';
import type { TemporalUi } from './temporal-link.ts';
import { isLinkable, temporalLink } from './temporal-link.ts';
import type { Locale } from './words.ts';
import { wordsOf } from './words.ts';

/** Telegram's limit for one message, in UTF-16 units. It counts after parsing; we keep it before, too. */
export const maxMessageUnits = 4096;

/** How one form of the message is written: Telegram's HTML or plain text. */
interface Form {
  escape: (text: string) => string;
  bold: (label: string) => string;
  wrap: (style: Block['style'], text: string) => string;
}

const htmlForm: Form = {
  escape: escapeHtml,
  bold: (label) => `<b>${escapeHtml(label)}</b>`,
  wrap: (style, text) => {
    if (style === 'code') return `<code>${text}</code>`;
    if (style === 'pre') return `<pre>${text}</pre>`;
    return style === 'title' ? `<b>${text}</b>` : text;
  },
};
const plainForm: Form = { escape: asIs, bold: asIs, wrap: (_style, text) => text };

const write = (block: Block, text: string, form: Form, colon: string): string => {
  const body = form.wrap(block.style, form.escape(text));
  if (block.label === null) return body;
  const gap = block.style === 'inline' ? (colon === ':' ? ' ' : '') : '\n';
  return `${form.bold(block.label)}${colon}${gap}${body}`;
};

/** Cuts essential blocks at their own limits, and the others so that all of them fit beside `footer`. */
const fit = (blocks: readonly Block[], footer: string, form: Form, colon: string): string => {
  const capped = blocks.map((block) =>
    block.keepUnits === null
      ? block
      : { ...block, text: clip(block.text, block.keepUnits, form.escape, block.clipAt) },
  );
  const lengthOf = (block: Block) => form.escape(block.text).length;
  const shared = capped.filter((block) => block.keepUnits === null);
  const taken = capped
    .map(
      (block) => write(block, block.keepUnits === null ? '' : block.text, form, colon).length + '\n'.length,
    )
    .reduce((sum, length) => sum + length, footer.length);
  const shares = shareOut(shared.map(lengthOf), maxMessageUnits - taken);
  const texts = capped.map((block) => {
    if (block.keepUnits !== null) return block.text;
    return clip(block.text, shares.shift() ?? 0, form.escape, block.clipAt);
  });
  const written = capped.map((block, index) => write(block, texts[index] ?? '', form, colon));
  return [...written, footer].join('\n');
};

export interface RenderOptions {
  locale: Locale;
  temporalUi: TemporalUi | null;
  /** IANA name; absent: the one of the language. */
  timeZone?: string | null;
  /** For how long ago things were; absent: not said. */
  nowMs?: number | null;
}

/**
 * Renders what people are told (loop.md, Messages): what broke, where, what was done, how it ended, what a person
 * must do now, the incident's id and the Temporal UI. However long the texts are, each form has at most 4096
 * UTF-16 units after escaping, and what to do, the id and the link are kept.
 */
export const renderNotice = (
  notice: Notice,
  { locale, temporalUi, timeZone = null, nowMs = null }: RenderOptions,
): RenderedMessage => {
  const words = wordsOf(locale);
  const blocks = blocksOf(notice, { locale, timeZone }, nowMs);
  const { colon } = words;
  const gap = colon === ':' ? ' ' : '';
  const link = temporalLink(temporalUi, notice);
  const footer = (form: Form, linkText: string): string => {
    const id = form.wrap('code', form.escape(clip(cleanText(notice.incidentId), 200, form.escape)));
    return `${form.bold(words.incident)}${colon}${gap}${id}\n${linkText}`;
  };
  const workflow = (form: Form) =>
    `${form.bold(words.workflow)}${colon}${gap}${form.wrap('code', form.escape(clip(cleanText(notice.workflowId), 300, form.escape)))}`;
  const href = link === null ? '' : escapeHtml(link);
  const htmlLink =
    link === null
      ? workflow(htmlForm)
      : isLinkable(link)
        ? `<a href="${href}">${words.temporalUi}</a>`
        : `${htmlForm.bold(words.temporalUi)}${colon}${gap}<code>${href}</code>`;
  const plainLink = link === null ? workflow(plainForm) : `${words.temporalUi}${colon}${gap}${link}`;
  return {
    html: fit(blocks, footer(htmlForm, htmlLink), htmlForm, colon),
    plain: fit(blocks, footer(plainForm, plainLink), plainForm, colon),
  };
};
