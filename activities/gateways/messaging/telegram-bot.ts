import { setTimeout as sleep } from 'node:timers/promises';
import { Telegram, TelegramError } from 'telegraf';
import type { Update } from 'telegraf/types';
import { watchConnection } from './telegram-connection.ts';
import { tokenScrubber } from './telegram-token.ts';

export type { Update } from 'telegraf/types';

/** How a call to the Bot API failed. Its message never holds the token. */
export class BotApiProblem extends Error {
  override readonly name = 'BotApiProblem';
  /** Telegram's own code, or null where there was no answer. */
  readonly code: number | null;
  /** The pause that Telegram asked for, in ms. */
  readonly afterMs: number | null;
  constructor(message: string, code: number | null, afterMs: number | null) {
    super(message);
    this.code = code;
    this.afterMs = afterMs;
  }
}

/** The bot's way to Telegram: what people write and press, and answers to it. Every call has a deadline. */
export interface TelegramBot {
  /** @returns the bot's own user name. @throws BotApiProblem */
  userName(): Promise<string>;
  /** Waits for what is new from `offset` on; a poll that hangs is given up. @throws BotApiProblem */
  updates(offset: number): Promise<Update[]>;
  /** Answers a text; waits as long as a 429 asks. @throws BotApiProblem */
  reply(chatId: string, text: string): Promise<void>;
  /** Answers a pressed button with a line that pops up. @throws BotApiProblem */
  answerButton(queryId: string, text: string): Promise<void>;
  /** What Telegram suggests while somebody types. @throws BotApiProblem */
  setCommands(commands: Record<string, string>, language: string | null): Promise<void>;
}

const callMs = 10_000;
/** Telegram holds a poll this long, and an answer that is late by more than `callMs` is none any more. */
const pollSec = 25;
const replyTries = 6;
const longestPauseMs = 60_000;
const longestReply = 4096;
/** Telegram takes 200 characters in an answer to a button. */
const longestPopUp = 200;

export function openTelegramBot(options: { token: string; apiRoot: string | null }): TelegramBot {
  const scrub = tokenScrubber(options.token);
  const apiRoot = `${(options.apiRoot ?? 'https://api.telegram.org').replace(/\/+$/, '')}/`;

  async function call<T>(method: string, body: object, withinMs = callMs): Promise<T> {
    const connection = watchConnection(apiRoot);
    const telegram = new Telegram(options.token, { apiRoot });
    // telegraf drops the agent it is given when the root is plain http.
    telegram.options.agent = connection.agent;
    const deadline = AbortSignal.timeout(withinMs);
    try {
      // telegraf's own signal does not always end a request whose answer has begun.
      const answer = telegram.callApi(method as 'getMe', body, { signal: deadline as never });
      return (await Promise.race([answer, ended(deadline)])) as T;
    } catch (error) {
      if (error instanceof TelegramError) {
        const afterSec = error.parameters?.retry_after;
        const message = scrub(`Telegram answered ${error.code}: ${error.description}`);
        throw new BotApiProblem(message, error.code, afterSec === undefined ? null : afterSec * 1000);
      }
      const why = deadline.aborted ? `no answer in ${withinMs / 1000} s` : String(error);
      throw new BotApiProblem(scrub(`Telegram could not be reached (${why})`), null, null);
    } finally {
      connection.destroy();
    }
  }

  return {
    userName: async () => (await call<{ username: string }>('getMe', {})).username,
    updates: (offset) =>
      call<Update[]>(
        'getUpdates',
        { offset, timeout: pollSec, allowed_updates: ['message', 'callback_query', 'my_chat_member'] },
        pollSec * 1000 + callMs,
      ),
    async reply(chatId, text) {
      for (let tries = 1; ; tries += 1) {
        try {
          const body = {
            chat_id: chatId,
            text: text.slice(0, longestReply),
            link_preview_options: { is_disabled: true },
          };
          await call('sendMessage', body);
          return;
        } catch (error) {
          if (!(error instanceof BotApiProblem) || tries >= replyTries) throw error;
          const again = error.code === 429 || (error.code !== null && error.code >= 500);
          // Without an answer it may be there already: said twice is worse than late.
          if (!again) throw error;
          await sleep(Math.min(longestPauseMs, error.afterMs ?? 1000 * 2 ** tries));
        }
      }
    },
    answerButton: async (queryId, text) => {
      await call('answerCallbackQuery', { callback_query_id: queryId, text: text.slice(0, longestPopUp) });
    },
    setCommands: async (commands, language) => {
      const list = Object.entries(commands).map(([command, description]) => ({ command, description }));
      await call('setMyCommands', {
        commands: list,
        ...(language === null ? {} : { language_code: language }),
      });
    },
  };
}

const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('too late')), { once: true });
  });
