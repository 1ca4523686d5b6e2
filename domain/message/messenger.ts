/** One message in both forms: Telegram's HTML, and plain text for terminals and as Telegram's fallback. */
export interface RenderedMessage {
  html: string;
  plain: string;
}

/** A button under a message: what it says, and what it hands back when it is pressed (64 bytes at most). */
export interface Button {
  text: string;
  data: string;
}

/** What is handed over for one chat. `chatId` is a Telegram id, or `terminal`. */
export interface OutgoingMessage extends RenderedMessage {
  chatId: string;
  /** Without a sound. */
  silent?: boolean;
  /** In rows. */
  buttons?: readonly (readonly Button[])[];
  /** Changes this message instead of sending a new one. */
  editMessageId?: number | null;
}

/** How handing over one message ended. No text in it ever holds the bot's token. */
export type SendResult =
  | { kind: 'sent'; messageId: number | null; movedTo?: string }
  /** The message that was to be changed is not there any more, or too old to be changed. */
  | { kind: 'gone'; message: string }
  /** Certainly not delivered; try again, after `afterMs` at the earliest where Telegram named a time. */
  | { kind: 'retry'; afterMs: number | null; message: string }
  /** Never deliverable as it is: blocked, no such chat, wrong token, not a message. */
  | { kind: 'refused'; message: string }
  /** The answer was lost after the message was handed over: it may have been delivered. */
  | { kind: 'unknown'; message: string };

/** The way to people: Telegram, or the terminal where no token is set. Never throws. */
export interface Messenger {
  send: (message: OutgoingMessage) => Promise<SendResult>;
}

/** The chat id of messages that have no Telegram recipient. */
export const terminalChatId = 'terminal';
