import type { Notice } from './notice.ts';
import { cleanText } from './clip.ts';
import type { Locale } from './words.ts';
import { wordsOf } from './words.ts';
import { say } from './reasons.ts';

/** One part of a message, before it is fitted and marked up. */
export interface Block {
  label: string | null;
  text: string;
  /** `inline`: after its label; `below`: under it; `code` and `pre`: under it, in a fixed-width face. */
  style: 'inline' | 'below' | 'code' | 'pre' | 'title';
  /** Essential blocks are cut at this many units at most; the others share what is left. */
  keepUnits: number | null;
  clipAt: 'end' | 'middle';
}

const flexible = (
  label: string,
  text: string,
  style: Block['style'],
  clipAt: Block['clipAt'] = 'end',
): Block => ({
  label,
  text: cleanText(text),
  style,
  keepUnits: null,
  clipAt,
});
const essential = (label: string | null, text: string, style: Block['style'], keepUnits: number): Block => ({
  label,
  text: cleanText(text),
  style,
  keepUnits,
  clipAt: 'end',
});
const bullets = (lines: readonly string[]): string => lines.map((line) => `• ${cleanText(line)}`).join('\n');

const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

const whereOf = (notice: Notice, locale: Locale): string => {
  const words = wordsOf(locale);
  const places: [string, string | null][] = [
    [words.target, notice.target],
    [words.host, notice.host],
    [words.task, notice.task],
  ];
  const told = places.flatMap(([label, name]) => (name === null ? [] : [`${label} ${short(name)}`]));
  return told.length > 0 ? told.join(' · ') : words.unknownPlace;
};

const doneOf = (notice: Notice, locale: Locale): string => {
  const words = wordsOf(locale);
  const parts = [
    notice.playbook === null ? null : words.playbook(notice.playbook),
    notice.actionType,
    notice.attempts > 0
      ? words.attempts(notice.attempts, Math.max(notice.attempts, notice.maxAttempts))
      : null,
  ].filter((part) => part !== null);
  const head = parts.length > 0 ? parts.join(' · ') : words.nothingDone;
  const { triedWhy, tried } = notice;
  const said = (why: { code: string; args: Record<string, string | number> }, at: number) =>
    say(why, locale) ?? tried[at] ?? '';
  const lines = locale === 'en' || triedWhy === undefined ? tried : triedWhy.map(said);
  return lines.length > 0 ? `${head}\n${bullets(lines)}` : head;
};

/** In the reader's language; as it came where this version does not know it. */
const reasonOf = ({ why, reason }: Notice, locale: Locale): string =>
  locale === 'en' || why === undefined ? reason : (say(why, locale) ?? reason);

/** What is told about a notice, in the order of reading: what broke, where, what was done, how it ended, what now. */
export const blocksOf = (notice: Notice, locale: Locale): Block[] => {
  const words = wordsOf(locale);
  const title = [words.title[notice.kind], notice.errorType, notice.severity];
  if (notice.occurrences > 1) title.push(words.occurrences(notice.occurrences));
  const blocks: Block[] = [
    essential(null, title.join(' · '), 'title', 200),
    flexible(words.broke, notice.message, 'code'),
    essential(words.where, whereOf(notice, locale), 'inline', 500),
    flexible(words.done, doneOf(notice, locale), 'inline', 'middle'),
    flexible(words.ended, reasonOf(notice, locale), 'inline'),
  ];
  if (notice.acknowledgedBy != null)
    blocks.push(essential(words.takenBy, notice.acknowledgedBy, 'inline', 200));
  if (notice.output !== null) blocks.push(flexible(words.output, notice.output, 'pre', 'middle'));
  if (notice.similar.length > 0) blocks.push(flexible(words.similar, bullets(notice.similar), 'below'));
  const own = notice.advice[locale] ?? notice.advice['en'];
  const nothingNow = ['resolved', 'waiting', 'acknowledged'].includes(notice.kind);
  const now = nothingNow || own === undefined ? words.defaultAdvice[notice.kind] : own;
  blocks.push(essential(words.doNow, now, 'below', 1000));
  if (nothingNow && own !== undefined) blocks.push(flexible(words.ifNot, own, 'below'));
  if (notice.kind === 'approval') {
    const id = short(notice.incidentId);
    const nonce = notice.nonce === null ? '' : ` --nonce ${short(notice.nonce)}`;
    blocks.push(essential(words.approve, `autoheal incidents approve ${id}${nonce}`, 'code', 300));
    blocks.push(essential(words.deny, `autoheal incidents deny ${id}${nonce}`, 'code', 300));
  }
  if (notice.until !== null) {
    blocks.push(essential(words.until[notice.kind], words.time(notice.until), 'inline', 60));
  }
  return blocks.filter((block) => block.text !== '');
};
