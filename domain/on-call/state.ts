import type { Delivery } from '../message/deliveries.ts';
import type { Notice } from '../message/notice.ts';

/** What people are being told, and what waits for them: all that the on-call workflow knows, as data. */
export interface OnCallState {
  incidents: Record<string, Told>;
  chats: Record<string, Chat>;
  settings: OnCallSettings;
  /** Until when a chat wants nothing quiet, in ms. */
  muted: Record<string, number>;
}

/** The estate file's `notify`. */
export interface OnCallSettings {
  /** How often an escalation of P1 or P2 is repeated, in minutes. */
  repeatMin: number;
  /** After how many minutes nobody took it, the second level is told, too. */
  escalateAfterMin: number;
  /** More new cards than this in one chat and minute are put together into a digest. */
  digestAfter: number;
  /** Telegram takes 20 messages a minute in a group. */
  groupMessagesPerMin: number;
}

/** One incident, as people are told of it. */
export interface Told {
  /** The newest state; null where only `line` is kept. */
  notice: Notice | null;
  line: Line;
  /** Counts the states: what a chat was shown last is compared with it. */
  revision: number;
  updatedAtMs: number;
  /** It stays on the list of what waits for a person until somebody takes or resolves it. */
  waits: boolean;
  handledBy: string | null;
  reminders: number;
  remindAtMs: number | null;
  secondLevelAtMs: number | null;
}

/** An incident in a list or a digest. */
export interface Line {
  incidentId: string;
  kind: Notice['kind'];
  severity: Notice['severity'];
  errorType: string;
  place: string;
  /** ISO time of the failure. */
  since: string;
  workflowId: string;
}

export interface Chat extends Delivery {
  /** The incidents' cards here, by incident. */
  cards: Record<string, Card>;
  /** What is still to be shown here, by incident. */
  due: Record<string, Due>;
  /** Cards that newer ones have replaced: they still have to lose their buttons. */
  replaced: { incidentId: string; messageId: number }[];
  digest: Digest | null;
  /** When new cards, and messages of any kind, were sent in the last minute. */
  cardsAtMs: number[];
  sentAtMs: number[];
  failures: number;
  retryAtMs: number;
}

export interface Card {
  messageId: number;
  revision: number;
  /** What the message was sent for: that much was said with sound. */
  kind: Notice['kind'];
}

export interface Due {
  sinceMs: number;
  /** A message of its own, with sound: a reminder, or the second level. */
  anew: boolean;
}

export interface Digest {
  messageId: number | null;
  incidentIds: string[];
  /** How many more there were, of which nothing is kept. */
  forgotten: number;
  openedAtMs: number;
  changedAtMs: number;
  /** When it was last sent, as a message of its own. */
  sentAtMs: number;
  shownAtMs: number;
  /** Something in it needs a person, and was not said with sound yet. */
  loud: boolean;
}

export const noSettings: OnCallSettings = {
  repeatMin: 30,
  escalateAfterMin: 15,
  digestAfter: 3,
  groupMessagesPerMin: 20,
};

export const nobodyTold = (): OnCallState => ({
  incidents: {},
  chats: {},
  settings: noSettings,
  muted: {},
});

export const newChat = (delivery: Delivery): Chat => ({
  ...delivery,
  cards: {},
  due: {},
  replaced: [],
  digest: null,
  cardsAtMs: [],
  sentAtMs: [],
  failures: 0,
  retryAtMs: 0,
});

/** How many messages are still to be handed over. */
export const pendingOf = ({ chats }: OnCallState): number =>
  Object.values(chats).reduce(
    (sum, { due, digest }) =>
      sum + Object.keys(due).length + (digest !== null && digest.shownAtMs < digest.changedAtMs ? 1 : 0),
    0,
  );
