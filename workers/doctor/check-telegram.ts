import { Telegram } from 'telegraf';
import { tokenScrubber } from '../../activities/gateways/messaging/telegram-token.ts';
import type { Config } from '../../settings/settings.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const timeoutMs = 10_000;

/** Whether Telegram knows the bot's token. */
export async function checkTelegram(config: Config): Promise<Finding> {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: apiRoot } = config;
  if (token === undefined) {
    return warn(
      'telegram',
      'no token: messages go to the terminal of the worker',
      'Set TELEGRAM_BOT_TOKEN or TELEGRAM_BOT_TOKEN_FILE.',
    );
  }
  const scrub = tokenScrubber(token);
  const telegram = new Telegram(token, apiRoot === undefined ? {} : { apiRoot: apiRoot.replace(/\/+$/, '') });
  try {
    // telegraf's own types know the abort signal of its HTTP client only.
    const me = await telegram.callApi('getMe', {}, { signal: AbortSignal.timeout(timeoutMs) as never });
    return ok('telegram', `the token is @${me.username}'s`);
  } catch (error) {
    const why = scrub(error instanceof Error ? error.message : String(error));
    return fail(
      'telegram',
      `the Bot API does not take the token: ${why}`,
      'Check the token, and TELEGRAM_API_ROOT where it is set. Messages are told later, not never.',
    );
  }
}
