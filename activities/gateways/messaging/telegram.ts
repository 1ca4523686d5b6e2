import { Telegram, TelegramError } from 'telegraf';
import type { Messenger, OutgoingMessage, SendResult } from '../../../domain/message/messenger.ts';
import { watchConnection } from './telegram-connection.ts';
import { tokenScrubber } from './telegram-token.ts';

/** Pause after a 429 that names none. */
const DEFAULT_PAUSE_SEC = 5;
/** Telegram has been seen to ask for hours in floods; no message waits longer than this before the next look. */
const MAX_RETRY_MS = 15 * 60_000;
/** A gateway in front of the Bot API gave up waiting: the API itself may have taken the message. */
const ANSWER_LOST = new Set([502, 504]);

interface Attempt {
  chatId: string;
  text: string;
  html: boolean;
  more: Pick<OutgoingMessage, 'silent' | 'buttons' | 'editMessageId'>;
}

const isMarkupTrouble = (error: unknown): boolean =>
  error instanceof TelegramError &&
  error.code === 400 &&
  /parse entities|message is too long/i.test(error.description);

/** The message is as it was to become: an earlier try came through. */
const isThereAlready = (error: unknown): boolean =>
  error instanceof TelegramError && error.code === 400 && /message is not modified/i.test(error.description);

const isGone = (error: unknown): boolean =>
  error instanceof TelegramError &&
  error.code === 400 &&
  /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i.test(error.description);

const newChatId = (error: unknown): string | null => {
  const moved = error instanceof TelegramError ? error.parameters?.migrate_to_chat_id : undefined;
  return moved === undefined ? null : String(moved);
};

const readError = (error: unknown, context: { established: boolean; timedOut: boolean }): SendResult => {
  if (error instanceof TelegramError) {
    const message = `Telegram answered ${error.code}: ${error.description}`;
    if (error.code === 429) {
      const afterMs = (error.parameters?.retry_after ?? DEFAULT_PAUSE_SEC) * 1000;
      return { kind: 'retry', afterMs: Math.min(afterMs, MAX_RETRY_MS), message };
    }
    if (ANSWER_LOST.has(error.code)) return { kind: 'unknown', message };
    if (error.code >= 500) return { kind: 'retry', afterMs: null, message };
    return { kind: 'refused', message };
  }
  const why = context.timedOut ? 'no answer in time' : error instanceof Error ? error.message : String(error);
  return context.established
    ? { kind: 'unknown', message: `Telegram's answer was lost (${why}); the message may have been delivered` }
    : { kind: 'retry', afterMs: null, message: `Telegram could not be reached (${why})` };
};

/**
 * Opens the way to Telegram. It never throws; `send` says how the message fared. A chat that answered 429 is left
 * alone until its time is over, markup that Telegram refuses is sent once more as plain text, and a group that
 * has become a supergroup is followed to its new id.
 * @param options.apiRoot another Bot API server (`TELEGRAM_API_ROOT`), null for Telegram's own
 * @param options.timeoutMs for one request, connecting included
 */
export const openTelegram = (options: {
  token: string;
  apiRoot: string | null;
  timeoutMs: number;
}): Messenger => {
  const scrub = tokenScrubber(options.token);
  const apiRoot = `${(options.apiRoot ?? 'https://api.telegram.org').replace(/\/+$/, '')}/`;
  const quietUntilMs = new Map<string, number>();

  const post = async ({
    chatId,
    text,
    html,
    more,
  }: Attempt): Promise<{ result: SendResult; error: unknown }> => {
    const connection = watchConnection(apiRoot);
    const telegram = new Telegram(options.token, { apiRoot });
    // telegraf drops the agent it is given when the root is plain http.
    telegram.options.agent = connection.agent;
    const deadline = AbortSignal.timeout(options.timeoutMs);
    try {
      const { silent = false, buttons = [], editMessageId = null } = more;
      const body = {
        chat_id: chatId,
        text,
        link_preview_options: { is_disabled: true },
        ...(html ? { parse_mode: 'HTML' as const } : {}),
        // An edit without a keyboard takes the old one away.
        reply_markup: {
          inline_keyboard: buttons.map((row) =>
            row.map((button) => ({ text: button.text, callback_data: button.data })),
          ),
        },
      };
      const options = { signal: deadline as never };
      if (editMessageId !== null) {
        await telegram.callApi('editMessageText', { ...body, message_id: editMessageId }, options);
        return { result: { kind: 'sent', messageId: editMessageId }, error: null };
      }
      const sent = await telegram.callApi('sendMessage', { ...body, disable_notification: silent }, options);
      return { result: { kind: 'sent', messageId: sent.message_id }, error: null };
    } catch (error) {
      const context = { established: connection.established(), timedOut: deadline.aborted };
      if (isThereAlready(error))
        return { result: { kind: 'sent', messageId: more.editMessageId ?? null }, error: null };
      const read = readError(error, context);
      const result: SendResult =
        isGone(error) && read.kind === 'refused' ? { kind: 'gone', message: read.message } : read;
      return { result: 'message' in result ? { ...result, message: scrub(result.message) } : result, error };
    } finally {
      connection.destroy();
    }
  };

  const send = async ({ chatId, html, plain, ...more }: OutgoingMessage): Promise<SendResult> => {
    const waitMs = (quietUntilMs.get(chatId) ?? 0) - Date.now();
    if (waitMs > 0) {
      return {
        kind: 'retry',
        afterMs: waitMs,
        message: 'Telegram asked for a pause before the next message',
      };
    }
    quietUntilMs.delete(chatId);
    let attempt: Attempt = { chatId, text: html, html: true, more };
    let { result, error } = await post(attempt);
    const moved = newChatId(error);
    if (moved !== null) {
      attempt = { ...attempt, chatId: moved };
      ({ result, error } = await post(attempt));
    }
    if (isMarkupTrouble(error)) ({ result } = await post({ ...attempt, text: plain, html: false }));
    if (result.kind === 'sent' && moved !== null) result = { ...result, movedTo: moved };
    if (result.kind === 'retry' && result.afterMs !== null) {
      quietUntilMs.set(chatId, Date.now() + result.afterMs);
    }
    return result;
  };
  return { send };
};
