import type { Client } from '@temporalio/client';
import { acknowledgeIncident, decideIncident, listOpenIncidents } from '../../client/operator/incidents.ts';
import { describeScope, pause, resume } from '../../client/operator/pauses.ts';
import type { Estate } from '../../domain/estate.ts';
import type { Locale } from '../../domain/message/words.ts';
import { redact } from '../../domain/redact/redact.ts';
import { mayDecide, type Recipient } from '../../domain/message/notice.ts';
import { readCommand } from './read-command.ts';
import { readPause, readResume } from './read-scope.ts';
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

export interface BotDeps {
  client: Client;
  taskQueue: string;
  estate: Estate;
  locale: Locale;
  /** Our own user name, where Telegram has told it. */
  botName: () => string | null;
  recipients: () => Promise<{ recipients: Recipient[] }>;
}

/** A command that waited in Telegram while the bot was away is not what its sender wants now. */
const staleAfterMs = 10 * 60_000;
const shownIncidents = 10;

interface Asked {
  words: BotWords;
  args: string[];
  /** The person's own Telegram id: what an incident checks again. */
  by: string;
  /** Where it was said, for the record. */
  chat: string;
  /** For the record. */
  owner: string;
}

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
  const localeOf = (id: string) => recipients.find(({ telegramId }) => telegramId === id)?.locale;
  const words = botWords[localeOf(message.fromId) ?? localeOf(message.chatId) ?? deps.locale];
  if (message.senderChatId !== null) return words.anonymous;
  const admin = recipients.find((person) => mayDecide(person) && person.telegramId === message.fromId);
  if (admin === undefined) return words.notAnAdmin(message.fromId);
  if (nowMs - message.sentAtMs > staleAfterMs) return words.tooOld;
  const owner = `${admin.name ?? message.fromName} (Telegram ${message.fromId})`;
  try {
    return await run(deps, { words, args: command.args, by: admin.telegramId, owner, chat: message.chatId });
  } catch (error) {
    return words.failed(redact(error instanceof Error ? error.message : String(error)));
  }
}

const commands: Record<string, ((deps: BotDeps, asked: Asked) => Promise<string>) | undefined> = {
  '/start': async (_, { words }) => words.help,
  '/help': async (_, { words }) => words.help,
  '/incidents': async ({ client }, { words }) => {
    const open = await listOpenIncidents(client, shownIncidents);
    if (open.length === 0) return words.noneOpen;
    return open
      .map(
        ({ id, severity, errorType, target, task, status }) =>
          [severity, errorType, target ?? task, status].filter(Boolean).join(' · ') + `\n${id}`,
      )
      .join('\n\n');
  },
  '/approve': (deps, asked) => decide(deps, asked, true),
  '/deny': (deps, asked) => decide(deps, asked, false),
  '/ack': async ({ client }, { words, args: [id, ...more], owner }) =>
    id === undefined || more.length > 0
      ? words.wantsId
      : words.acknowledged(await acknowledgeIncident(client, { id, by: owner })),
  '/pause': async ({ client, taskQueue, estate }, { words, args, owner }) => {
    const read = readPause(args, estate);
    if (!read.ok) return words.wantsPause(read.problem, read.word);
    const { scope, forMs, reason } = read;
    const done = await pause(client, taskQueue, {
      scope,
      owner,
      reason: redact(reason).slice(0, 500),
      until: new Date(Date.now() + forMs),
    });
    if (done.paused) return words.paused(describeScope(scope), done.until);
    return words.pausedAlready(describeScope(scope), done.by?.owner ?? '?', done.by?.until ?? null);
  },
  '/resume': async ({ client, estate }, { words, args, owner }) => {
    const read = readResume(args, estate);
    if (!read.ok) return words.wantsResume(read.problem, read.word);
    return words.resumed(
      describeScope(read.scope),
      await resume(client, read.scope, { by: owner, reason: 'by Telegram' }),
    );
  },
};

async function decide(
  { client }: BotDeps,
  { words, args: [id, nonce, ...more], by, chat }: Asked,
  approve: boolean,
): Promise<string> {
  if (id === undefined || nonce === undefined || (approve && more.length > 0)) return words.wantsIdAndCode;
  const { accepted, reason } = await decideIncident(client, { id, approve, by, nonce, chat });
  return words.decided(accepted, reason);
}
