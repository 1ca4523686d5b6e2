import type { Notice } from './notice.ts';
import { cleanText } from './clip.ts';
import { localTime, withLocalTimes, type Reader } from './local-time.ts';
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

/** `attempt 1, DOCKER_RESTART: failure (why)` in plain words; what is written otherwise stays as it is. */
const plainly = (line: string, reader: Reader): string => {
  const [, attempt = '0', action = '', result = '', why] =
    /^attempt (\d+), ([A-Z_]+): ([a-z]+)(?: \(([^]*)\))?$/.exec(line) ?? [];
  const text =
    action === '' ? line : wordsOf(reader.locale).tried(Number(attempt), action, result, why ?? null);
  return withLocalTimes(text, reader);
};

const doneOf = (notice: Notice, reader: Reader): string => {
  const words = wordsOf(reader.locale);
  const parts = [
    notice.playbook === null ? null : words.playbook(notice.playbook),
    notice.attempts > 0
      ? words.attempts(notice.attempts, Math.max(notice.attempts, notice.maxAttempts))
      : null,
  ].filter((part) => part !== null);
  const { triedWhy, tried } = notice;
  const { locale } = reader;
  // In plain words of the reader's language, where the step came with its code.
  const lines =
    locale === 'en' || triedWhy === undefined
      ? tried.map((line) => plainly(line, reader))
      : triedWhy.map((why, at) => withLocalTimes(say(why, locale) ?? tried[at] ?? '', reader));
  if (lines.length === 0) return words.nothingDone;
  return [parts.join(' · '), bullets(lines)].filter((part) => part !== '').join('\n');
};

/** What tells fifty lines on a lock screen apart: icon, place, what it is, how severe. */
const titleOf = (notice: Notice, locale: Locale): string => {
  const words = wordsOf(locale);
  const [icon = '', ...what] = words.title[notice.kind].split(' ');
  const place = short(cleanText(notice.target ?? notice.task ?? notice.host ?? ''));
  const parts = [place, what.join(' '), notice.errorType, notice.severity].filter((part) => part !== '');
  if (notice.reminder !== undefined) parts.push(words.reminder(notice.reminder));
  if (notice.occurrences > 1) parts.push(words.occurrences(notice.occurrences));
  return `${icon} ${parts.join(' · ')}`;
};

/** The same by text: exactly what the bot understands. */
const commandsOf = ({ kind, incidentId, nonce }: Notice): string => {
  const id = short(incidentId);
  if (kind === 'approval' && nonce !== null)
    return `/approve ${id} ${short(nonce)}\n/deny ${id} ${short(nonce)}`;
  return kind === 'escalated' || kind === 'alerted' ? `/ack ${id}` : '';
};

/** In the reader's language; as it came where this version does not know it. */
const reasonOf = ({ why, reason }: Notice, locale: Locale): string =>
  locale === 'en' || why === undefined ? reason : (say(why, locale) ?? reason);

/** What is told about a notice, in the order of reading: what broke, where, what was done, how it ended, what now. */
export const blocksOf = (notice: Notice, reader: Reader, nowMs: number | null): Block[] => {
  const { locale } = reader;
  const words = wordsOf(locale);
  const own = notice.advice[locale] ?? notice.advice['en'];
  const isRequest = notice.kind === 'approval';
  const nothingNow = ['resolved', 'waiting', 'acknowledged', 'decided'].includes(notice.kind);
  const blocks: Block[] = [essential(null, titleOf(notice, locale), 'title', 300)];
  if (notice.failedAt !== undefined)
    blocks.push(essential(words.since, localTime(notice.failedAt, reader, nowMs), 'inline', 120));
  blocks.push(
    flexible(words.broke, notice.message, 'code', 'middle'),
    essential(words.where, whereOf(notice, locale), 'inline', 500),
  );
  if (notice.exception != null) blocks.push(essential(words.exception, notice.exception, 'inline', 300));
  // Nothing is called done that was only wanted.
  if (!isRequest || notice.tried.length > 0)
    blocks.push(flexible(words.done, doneOf(notice, reader), 'inline', 'middle'));
  const stands = withLocalTimes(reasonOf(notice, locale), reader);
  blocks.push(flexible(isRequest ? words.asked : words.ended, stands, 'inline'));
  if (notice.decidedBy != null) blocks.push(essential(words.decidedBy, notice.decidedBy, 'inline', 200));
  if (notice.acknowledgedBy != null)
    blocks.push(essential(words.takenBy, notice.acknowledgedBy, 'inline', 200));
  if (notice.resolvedByHand !== undefined) {
    const { by, note } = notice.resolvedByHand;
    blocks.push(essential(null, words.resolvedByHand(by, note), 'below', 600));
  }
  if (notice.output !== null) blocks.push(flexible(words.output, notice.output, 'pre', 'middle'));
  if (notice.similar.length > 0) blocks.push(flexible(words.similar, bullets(notice.similar), 'below'));
  const now = nothingNow || isRequest || own === undefined ? words.defaultAdvice[notice.kind] : own;
  if (notice.resolvedByHand === undefined) blocks.push(essential(words.doNow, now, 'below', 1000));
  if (nothingNow && own !== undefined) blocks.push(flexible(words.ifNot, own, 'below'));
  if (notice.until !== null) {
    blocks.push(essential(words.until[notice.kind], localTime(notice.until, reader, nowMs), 'inline', 120));
  }
  if (notice.resolvedByHand === undefined)
    blocks.push(essential(words.bySending, commandsOf(notice), 'code', 300));
  return blocks.filter((block) => block.text !== '');
};
