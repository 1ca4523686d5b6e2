import { redact } from '../../domain/redact/redact.ts';
import { adminOf, ownerOf, type BotDeps } from './asked.ts';
import { commands } from './commands.ts';
import { readCommand } from './read-command.ts';
import { botWords, type BotWords } from './words.ts';

/** A message to the bot, as far as it matters. */
export interface BotMessage {
  text: string;
  fromId: string;
  fromName: string;
  /** The chat that speaks, where it is no person: an admin who stays anonymous, or a channel. */
  senderChatId: string | null;
  chatId: string;
  sentAtMs: number;
}

/** A command that waited in Telegram while the bot was away is not what its sender wants now. */
const staleAfterMs = 10 * 60_000;

/**
 * Answers one message; null where it is no command of ours. Only active admins of `telegram_users` are listened to,
 * each by their own Telegram id: a group receives, whatever its row says, and decides nothing, and so do its
 * anonymous admins and channels, of whom nobody could say later who it was.
 */
export async function answerMessage(
  deps: BotDeps,
  message: BotMessage,
  nowMs = Date.now(),
): Promise<string | null> {
  const command = readCommand(message.text, deps.botName());
  if (command === null) return null;
  const run = Object.hasOwn(commands, command.name) ? commands[command.name] : undefined;
  if (run === undefined) return null;
  const { recipients } = await deps.recipients();
  const rowOf = (id: string) => recipients.find(({ telegramId }) => telegramId === id);
  const reader = rowOf(message.fromId) ?? rowOf(message.chatId);
  const locale = reader?.locale ?? deps.locale;
  const words = botWords[locale];
  if (message.senderChatId !== null) return words.anonymous;
  if (command.name === '/start' && command.args[0] !== undefined)
    return joinBy(deps, command.args[0], message, words);
  const admin = adminOf(recipients, message.fromId);
  if (admin === null) return words.notAnAdmin(message.fromId);
  if (nowMs - message.sentAtMs > staleAfterMs) return words.tooOld;
  const { args, rest } = command;
  const owner = ownerOf(admin, message.fromName);
  try {
    const { timeZone } = admin;
    return await run(deps, {
      words,
      locale,
      timeZone,
      args,
      rest,
      by: admin.telegramId,
      owner,
      chat: message.chatId,
    });
  } catch (error) {
    return words.failed(redact(error instanceof Error ? error.message : String(error)));
  }
}

async function joinBy(deps: BotDeps, code: string, message: BotMessage, words: BotWords): Promise<string> {
  // A code is for one person: said in a group, the others could read it.
  if (message.chatId !== message.fromId) return words.joinInPrivate;
  const joined = await deps.join(code, { telegramId: message.fromId });
  if (joined === null) return words.noSuchCode;
  return botWords[joined.locale ?? deps.locale].joined(joined.name, joined.isAdmin);
}
