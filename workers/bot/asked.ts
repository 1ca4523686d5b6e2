import type { Client } from '@temporalio/client';
import type { Estate } from '../../domain/estate.ts';
import { mayDecide, type Recipient } from '../../domain/message/notice.ts';
import type { Locale } from '../../domain/message/words.ts';
import type { Joined } from './join.ts';
import type { BotWords } from './words.ts';

/** What the bot answers with. */
export interface BotDeps {
  client: Client;
  taskQueue: string;
  estate: Estate;
  locale: Locale;
  /** Our own user name, where Telegram has told it. */
  botName: () => string | null;
  recipients: () => Promise<{ recipients: Recipient[] }>;
  /** Past cases like this text, a line each. */
  search: (text: string) => Promise<{ cases: string[]; problem: string | null }>;
  /** Takes a one-time code; null where it is none, or used, or too old. */
  join: (code: string, person: { telegramId: string }) => Promise<Joined | null>;
}

/** A command of an admin. */
export interface Asked {
  words: BotWords;
  locale: Locale;
  timeZone: string | null;
  args: string[];
  rest: string;
  /** The person's own Telegram id: what an incident checks again. */
  by: string;
  /** Where it was said, for the record. */
  chat: string;
  /** For the record. */
  owner: string;
}

export const adminOf = (recipients: readonly Recipient[], id: string): Recipient | null =>
  recipients.find((person) => mayDecide(person) && person.telegramId === id) ?? null;

export const ownerOf = ({ name, telegramId }: Recipient, fallback: string): string =>
  `${name ?? fallback} (Telegram ${telegramId})`;
