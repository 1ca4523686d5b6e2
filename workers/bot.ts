import { join } from 'node:path';
import { createCatalogue } from '../activities/catalogue/create-catalogue.ts';
import {
  openTelegramBot,
  type TelegramBot,
  type Update,
} from '../activities/gateways/messaging/telegram-bot.ts';
import { openDatabase } from '../activities/gateways/postgres/database.ts';
import { openClient } from '../client/connect.ts';
import { followEstate, lastGoodEstate } from '../settings/follow-estate.ts';
import { estateFileOf } from '../settings/load-rules.ts';
import { ConfigProblem, readConfig, type Config } from '../settings/settings.ts';
import type { BotDeps } from './bot/asked.ts';
import { takeInvitation } from './bot/join.ts';
import { handleUpdate } from './bot/handle-update.ts';
import { listen } from './bot/listen.ts';
import { botWords } from './bot/words.ts';
import { databaseUrlOf } from './database-url.ts';
import { createLog } from './log.ts';
import { openEmbedder } from './open-embedder.ts';
import { seedRecipients } from './seed-recipients.ts';
import { onShutdown } from './shutdown.ts';

/**
 * The Telegram bot: long polling, until it is told to stop.
 * @param tell told whether it listens, whenever that changes
 * @returns the exit code
 */
export async function runBot(
  tell: (state: { ok: boolean; detail: string }) => void = () => undefined,
): Promise<number> {
  const config = readConfig();
  const token = config.TELEGRAM_BOT_TOKEN;
  if (token === undefined)
    throw new ConfigProblem('TELEGRAM_BOT_TOKEN: required for the bot, or TELEGRAM_BOT_TOKEN_FILE.');
  const log = createLog(config);
  const bot = openTelegramBot({ token, apiRoot: config.TELEGRAM_API_ROOT ?? null });
  let name: string | null = null;
  const { deps, close } = openDeps(
    config,
    (line, broken) => (broken ? log.error(line) : log.info(line)),
    () => name,
  );
  const stopping = new AbortController();
  const forget = onShutdown(log, {
    what: 'Nothing is lost: decisions are waited for durably.',
    begin: () => stopping.abort(),
  });
  let listens = false;
  const state = (now: { ok: boolean; detail: string }): void => {
    tell(now);
    if (now.ok && !listens) log.info('The bot listens');
    listens = now.ok;
  };
  const trouble = (line: string): void => log.error(`Telegram: ${line}`);
  void introduce(bot, stopping.signal, (told) => (name = told)).catch((error: unknown) =>
    trouble(String(error)),
  );
  const handle = (update: Update): Promise<void> =>
    handleUpdate({ bot, deps, warn: (line) => log.warn(line), trouble }, update);
  const exitCode = await listen(bot, { handle, state, trouble, stopping: stopping.signal });
  forget();
  await close();
  return exitCode;
}

/** Learns its own name, and tells Telegram its commands in both languages. */
async function introduce(
  bot: TelegramBot,
  stopping: AbortSignal,
  named: (name: string) => void,
): Promise<void> {
  for (let tries = 0; !stopping.aborted; tries += 1) {
    try {
      named(await bot.userName());
      await bot.setCommands(botWords.en.commands, null);
      await bot.setCommands(botWords['zh-TW'].commands, 'zh');
      return;
    } catch (error) {
      // The listening itself says what is wrong; here it is only tried again.
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(30_000, 500 * 2 ** tries)));
    }
  }
}

function openDeps(
  config: Config,
  say: (line: string, broken: boolean) => void,
  botName: () => string | null,
): { deps: BotDeps; close: () => Promise<void> } {
  const followed = followEstate({
    file: estateFileOf(config),
    lastGoodFile: lastGoodEstate(config.home),
    emptyAtWorst: true,
    log: say,
  });
  const opened = openClient(config);
  const database = openDatabase({ url: databaseUrlOf(config), maxConnections: 2 });
  const catalogue = createCatalogue({
    database,
    snapshotDir: join(config.home, 'snapshots'),
    seeds: { playbooks: [], recipients: seedRecipients },
    embedder: openEmbedder(config),
  });
  const deps: BotDeps = {
    client: opened.client,
    get estate() {
      return followed.estate;
    },
    taskQueue: config.AUTOHEAL_TASK_QUEUE,
    locale: config.AUTOHEAL_LOCALE,
    botName,
    recipients: () => catalogue.recipients(),
    search: (text) => catalogue.similarCases(text, 5),
    join: (code, person) => takeInvitation(database, code, person),
  };
  return {
    deps,
    async close() {
      followed.stop();
      await database.close();
      await opened.close();
    },
  };
}
