import type { TelegramBot, Update } from '../../activities/gateways/messaging/telegram-bot.ts';
import { answerMessage } from './answer.ts';
import type { BotDeps } from './asked.ts';
import { pressButton } from './press.ts';
import { botWords } from './words.ts';

/** A press is answered within this time: with what came of it, or that it is being done. */
const popUpWithinMs = 800;

export interface Handling {
  bot: TelegramBot;
  deps: BotDeps;
  /** What was refused. */
  warn: (line: string) => void;
  trouble: (line: string) => void;
}

/** Answers what somebody wrote or pressed. */
export async function handleUpdate({ bot, deps, warn, trouble }: Handling, update: Update): Promise<void> {
  if ('message' in update && 'text' in update.message) {
    const { text, from, chat, date, sender_chat: speaksAs } = update.message;
    const message = {
      text,
      fromId: String(from.id),
      fromName: from.username ?? from.first_name,
      senderChatId: speaksAs === undefined ? null : String(speaksAs.id),
      chatId: String(chat.id),
      sentAtMs: date * 1000,
    };
    const answer = await answerMessage(deps, message);
    if (answer !== null) await bot.reply(message.chatId, answer);
    return;
  }
  if (!('callback_query' in update)) return;
  const { callback_query: query } = update;
  const { message } = query;
  if (!('data' in query) || message === undefined) return;
  const { from } = query;
  const chatId = String(message.chat.id);
  const press = {
    data: query.data,
    fromId: String(from.id),
    fromName: from.username ?? from.first_name,
    chatId,
    messageId: message.message_id,
  };
  const words = botWords[deps.locale];
  const pressed = pressButton(deps, press).catch((error: unknown) => ({
    popUp: words.failed(error instanceof Error ? error.message : String(error)),
    refused: undefined,
    message: undefined,
  }));
  const quick = await Promise.race([pressed, later(popUpWithinMs)]);
  const popUp = quick === null ? '…' : quick.popUp;
  const shown = bot.answerButton(query.id, popUp).catch((error: unknown) => trouble(String(error)));
  const done = await pressed;
  if (done.refused !== undefined)
    warn(
      `A button was refused: ${done.refused} (person ${press.fromId}, chat ${chatId}, message ${press.messageId})`,
    );
  await shown;
  if (done.message !== undefined) await bot.reply(chatId, done.message);
  else if (quick === null || done.popUp.length > 200) await bot.reply(chatId, done.popUp);
}

const later = (ms: number): Promise<null> =>
  new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
