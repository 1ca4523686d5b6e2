import type { Line } from '../on-call/state.ts';
import { cleanText, clip, escapeHtml } from './clip.ts';
import { localTime } from './local-time.ts';
import type { RenderedMessage } from './messenger.ts';
import type { RenderOptions } from './render-notice.ts';
import { wordsOf } from './words.ts';

const shownLines = 5;

export interface Digested {
  lines: readonly Pick<Line, 'kind'>[];
  worst: readonly Line[];
  forgotten: number;
}

/** A storm in one message: how many of what, and the worst five. */
export function renderDigest(
  { lines, worst, forgotten }: Digested,
  { locale, timeZone = null, nowMs = null }: RenderOptions,
): RenderedMessage {
  const words = wordsOf(locale);
  const counts = new Map<Line['kind'], number>();
  for (const { kind } of lines) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const counted = [...counts].map(([kind, count]) => `${words.title[kind]} ${count}`).join(' · ');
  const told = worst.slice(0, shownLines).map((line) => {
    const [icon = ''] = words.title[line.kind].split(' ');
    const place = clip(cleanText(line.place), 80, escapeHtml);
    const since = localTime(line.since, { locale, timeZone }, nowMs);
    return {
      head: `${icon} ${[place, line.errorType, line.severity].filter((part) => part !== '').join(' · ')}`,
      since,
    };
  });
  const count = lines.length + forgotten;
  const more = count - told.length;
  const write = (bold: (text: string) => string, escape: (text: string) => string): string =>
    [
      bold(escape(words.digest.title(count))),
      escape(counted),
      `${bold(escape(words.digest.worst))}${words.colon}`,
      ...told.map(({ head, since }) => `${escape(head)}\n   ${escape(since)}`),
      ...(more > 0 ? [escape(words.digest.more(more))] : []),
      escape(words.digest.list),
    ].join('\n');
  return {
    html: write((text) => `<b>${text}</b>`, escapeHtml),
    plain: write(
      (text) => text,
      (text) => text,
    ),
  };
}
