import type { Notice } from './notice.ts';
import { waitsForPerson } from '../on-call/urgency.ts';
import type { Button } from './messenger.ts';
import { wordsOf, type Locale } from './words.ts';

/** What a button does; its first letter is all that Telegram hands back, with the incident and the code. */
export const verbs = {
  a: 'approve',
  d: 'deny',
  k: 'acknowledge',
  r: 'resolve',
  p: 'pause',
  i: 'details',
} as const;
export type Verb = (typeof verbs)[keyof typeof verbs];

export interface Pressed {
  verb: Verb;
  incidentId: string;
  /** Of the request, for approve and deny. */
  nonce: string | null;
}

const letterOf = Object.fromEntries(Object.entries(verbs).map(([letter, verb]) => [verb, letter])) as Record<
  Verb,
  string
>;

/** 64 bytes at most, says Telegram: a letter, the incident's id and a one-use code of 8. */
export const buttonData = ({ verb, incidentId, nonce }: Pressed): string =>
  [letterOf[verb], incidentId, ...(nonce === null ? [] : [nonce])].join(':');

/** @returns null for what is none of ours */
export function readButton(data: string): Pressed | null {
  const [, letter = '', incidentId = '', nonce = null] =
    /^([a-z]):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?::([A-Za-z0-9_-]{1,20}))?$/.exec(data) ?? [];
  const verb = Object.hasOwn(verbs, letter) ? verbs[letter as keyof typeof verbs] : undefined;
  return verb === undefined ? null : { verb, incidentId, nonce };
}

/** The buttons under a card: what a person may want to do about the incident as it stands. */
export function buttonsOf(notice: Notice, locale: Locale): Button[][] {
  const { kind, incidentId, nonce, target, acknowledgedBy, resolvedByHand } = notice;
  const { buttons: words } = wordsOf(locale);
  const button = (verb: Verb, code: string | null = null): Button => ({
    text: words[verb],
    data: buttonData({ verb, incidentId, nonce: code }),
  });
  const isOpen = kind === 'waiting' || kind === 'decided' || waitsForPerson(kind);
  const rows: Button[][] = [];
  if (kind === 'approval' && nonce !== null) rows.push([button('approve', nonce), button('deny', nonce)]);
  if (isOpen && kind !== 'approval' && resolvedByHand === undefined) {
    const mine = acknowledgedBy == null ? [button('acknowledge')] : [];
    const done = waitsForPerson(kind) ? [button('resolve')] : [];
    if (mine.length + done.length > 0) rows.push([...mine, ...done]);
  }
  const pause = isOpen && target !== null && resolvedByHand === undefined ? [button('pause')] : [];
  rows.push([...pause, button('details')]);
  return rows;
}
