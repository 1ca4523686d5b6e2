import type { Notice } from '../message/notice.ts';

type Kind = Notice['kind'];

/** A person has to act now: a message of its own, with sound, ahead of everything else. */
export const needsPerson = (kind: Kind): boolean =>
  kind === 'approval' || kind === 'escalated' || kind === 'relapsed';

/** A person has to look: with sound, in its turn. */
const wantsAttention: ReadonlySet<Kind> = new Set(['alerted', 'refused', 'record_refused']);

/** What only changes a card that is there: nobody is told anew. */
export const onlyEdits = (kind: Kind): boolean => kind === 'acknowledged' || kind === 'decided';

export const isSilent = (kind: Kind): boolean => !needsPerson(kind) && !wantsAttention.has(kind);

/** Said by a message of its own even where the incident has a card already. */
export const isSaidAnew = (kind: Kind): boolean => needsPerson(kind) || wantsAttention.has(kind);

/** What stays on the list of those that wait for a person. */
export const waitsForPerson = (kind: Kind): boolean => needsPerson(kind) || kind === 'alerted';

/** Smaller first. */
export const rankOf = (kind: Kind): number =>
  kind === 'approval' ? 0 : needsPerson(kind) ? 1 : wantsAttention.has(kind) ? 2 : 3;
