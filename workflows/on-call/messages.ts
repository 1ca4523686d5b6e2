import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Notice } from '../../domain/message/notice.ts';
import type { Line } from '../../domain/on-call/state.ts';

/** The messages of the on-call workflow. */

/** The newest state of an incident: people are told. */
export const tellSignal = defineSignal<[Notice]>('tell');

export interface Handling {
  incidentId: string;
  /** Who, in words. */
  by: string;
  /** What was done; null: it was only taken over. */
  note: string | null;
}

/** A person took an incident over, or says that it is done, after its run had ended. */
export const handledSignal = defineSignal<[Handling]>('handled');

export interface Waiting extends Line {
  handledBy: string | null;
}

/** What waits for a person: requests, and what nobody took or resolved yet. */
export const waitingQuery = defineQuery<Waiting[]>('waiting');

/** How many messages are still to be handed over, and since when the oldest waits, in ms of the epoch. */
export const pendingQuery = defineQuery<{ messages: number; oldestMs: number | null }>('pending');

/** One incident as people were told of it; null where it is not known (any more). */
export const incidentQuery = defineQuery<Notice | Line | null, [string]>('incident');

/** The incident whose card this message is; null where it is none. */
export const cardQuery = defineQuery<Notice | Line | null, [{ chatId: string; messageId: number }]>('card');

/** Nothing quiet is sent to this chat until then; what needs a person is. */
export const muteSignal = defineSignal<[{ chatId: string; untilMs: number }]>('mute');
