import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Telegraf, TelegramError } from 'telegraf';
import { message } from 'telegraf/filters';
import { createCatalogue } from '../activities/catalogue/create-catalogue.ts';
import { openDatabase } from '../activities/gateways/postgres/database.ts';
import { tokenScrubber } from '../activities/gateways/messaging/telegram-token.ts';
import { openClient } from '../client/connect.ts';
import { estateFileOf } from '../settings/load-rules.ts';
import { followEstate, lastGoodEstate } from '../settings/follow-estate.ts';
import { answerMessage, type BotDeps } from './bot/answer.ts';
import { ConfigProblem, readConfig, type Config } from '../settings/settings.ts';
import { databaseUrlOf } from './database-url.ts';
import { createLog } from './log.ts';
import { openEmbedder } from './open-embedder.ts';
import { seedRecipients } from './seed-recipients.ts';
import { onShutdown } from './shutdown.ts';

const tryAgainMs = 10_000;

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
  const scrub = tokenScrubber(token);
  const { deps, close } = openDeps(config, (line, broken) => (broken ? log.error(line) : log.info(line)));
  const stopping = new AbortController();
  let bot: Telegraf | null = null;
  const forget = onShutdown(log, {
    what: 'Nothing is lost: decisions are waited for durably.',
    begin: () => {
      stopping.abort();
      stop(bot);
    },
  });
  let exitCode = 0;
  while (!stopping.signal.aborted) {
    try {
      bot = createBot(token, config, deps, (error) => log.error(scrub(String(error))));
      await bot.launch({ allowedUpdates: ['message'] }, () => {
        tell({ ok: true, detail: 'listens' });
        log.info('The bot listens');
      });
    } catch (error) {
      tell({ ok: false, detail: scrub(error instanceof Error ? error.message : String(error)) });
      log.error(`Telegram: ${scrub(error instanceof Error ? error.message : String(error))}`);
      if (error instanceof TelegramError && error.code === 401) {
        log.error(
          'Telegram does not know this token. Put the right one into TELEGRAM_BOT_TOKEN and start again.',
        );
        exitCode = 1;
        break;
      }
      // 409: another bot process polls with this token; it may be an older one that is just ending.
      await sleep(tryAgainMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  forget();
  await close();
  return exitCode;
}

function createBot(
  token: string,
  config: Config,
  deps: Omit<BotDeps, 'botName'>,
  onError: (error: unknown) => void,
): Telegraf {
  const apiRoot = config.TELEGRAM_API_ROOT?.replace(/\/+$/, '');
  const bot = new Telegraf(token, apiRoot === undefined ? {} : { telegram: { apiRoot } });
  bot.on(message('text'), async (context) => {
    const { text, from, chat, date, sender_chat: speaksAs } = context.message;
    const answer = await answerMessage(
      { ...deps, botName: () => context.me },
      {
        text,
        fromId: String(from.id),
        fromName: from.username ?? from.first_name,
        senderChatId: speaksAs === undefined ? null : String(speaksAs.id),
        chatId: String(chat.id),
        sentAtMs: date * 1000,
      },
    );
    if (answer !== null) await context.reply(answer.slice(0, 4096));
  });
  bot.catch(onError);
  return bot;
}

/** telegraf complains about a bot that isn't polling yet. */
function stop(bot: Telegraf | null): void {
  try {
    bot?.stop();
  } catch {
    // Then there is nothing to stop.
  }
}

function openDeps(
  config: Config,
  say: (line: string, broken: boolean) => void,
): { deps: Omit<BotDeps, 'botName'>; close: () => Promise<void> } {
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
  const deps = {
    client: opened.client,
    get estate() {
      return followed.estate;
    },
    taskQueue: config.AUTOHEAL_TASK_QUEUE,
    locale: config.AUTOHEAL_LOCALE,
    recipients: () => catalogue.recipients(),
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
