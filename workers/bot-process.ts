import { Registry, collectDefaultMetrics } from 'prom-client';
import { readConfig } from '../settings/settings.ts';
import { runBot } from './bot.ts';
import { createLog } from './log.ts';
import { serveMetrics, type Wellness } from './metrics/serve-metrics.ts';
import { onShutdown } from './shutdown.ts';

/**
 * The bot as a process that tells how it is, where AUTOHEAL_METRICS_ADDR is set.
 * @param options.waitForToken without a token wait to be stopped, where a process that ends would be started again
 * @returns the exit code
 */
export async function runBotProcess({ waitForToken = false }: { waitForToken?: boolean }): Promise<number> {
  const config = readConfig();
  const { AUTOHEAL_METRICS_ADDR: address, TELEGRAM_BOT_TOKEN: token } = config;
  let state: Wellness = { ok: false, detail: 'is starting' };
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const server =
    address === undefined
      ? null
      : await serveMetrics({ address, registry, coreUrl: null, wellness: () => state });
  try {
    if (token !== undefined || !waitForToken) return await runBot((now) => (state = now));
    const log = createLog(config);
    state = { ok: true, detail: 'there is no token, and nothing to do' };
    log.warn(
      'There is no TELEGRAM_BOT_TOKEN, so nobody can answer by Telegram. Set it and start the bot again.',
    );
    await new Promise<void>((resolve) =>
      onShutdown(log, { what: 'The bot was waiting only.', begin: resolve }),
    );
    return 0;
  } finally {
    await server?.close();
  }
}
