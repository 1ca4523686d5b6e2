import type { Locale } from './words.ts';
import { wordsOf } from './words.ts';

/** Whose clock a text is read by. */
export interface Reader {
  locale: Locale;
  /** IANA name; null: the one of the language. */
  timeZone: string | null;
}

/** `2026-11-25 07:51 (Asia/Taipei)`, and how long ago where `nowMs` is given. What is no time stays as it is. */
export function localTime(at: string, { locale, timeZone }: Reader, nowMs: number | null = null): string {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return at;
  const words = wordsOf(locale);
  const zone = isZone(timeZone) ? timeZone : words.timeZone;
  const ago =
    nowMs === null ? '' : locale === 'zh-TW' ? `，${words.ago(nowMs - ms)}` : `, ${words.ago(nowMs - ms)}`;
  return `${stampIn(ms, zone)} ${zone}${ago}`;
}

/** Stamps in foreign texts (Docker's have nanoseconds) become times that a person can read. */
export const withLocalTimes = (text: string, reader: Reader): string =>
  text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)/g, (at) =>
    // Nanoseconds are more than a date holds.
    localTime(at.replace(/(\.\d{3})\d+/, '$1'), reader),
  );

function stampIn(ms: number, timeZone: string): string {
  // sv-SE writes dates as ISO does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(new Date(ms)).replace('\u00A0', ' ');
}

export function isZone(name: string | null): name is string {
  if (name === null || name === '') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
