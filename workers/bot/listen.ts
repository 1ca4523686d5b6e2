import { setTimeout as sleep } from 'node:timers/promises';
import {
  BotApiProblem,
  type TelegramBot,
  type Update,
} from '../../activities/gateways/messaging/telegram-bot.ts';

/** Before the next try, where Telegram can't be reached or another bot polls with this token. */
const againMs = { least: 1000, most: 15_000 };

export interface Listener {
  /** Answers one update. Whatever it throws is told, and costs nobody else anything. */
  handle: (update: Update) => Promise<void>;
  /** Told when the bot listens, and when it does not. */
  state: (state: { ok: boolean; detail: string }) => void;
  trouble: (line: string) => void;
  stopping: AbortSignal;
}

/**
 * Listens until it is told to stop. A poll that Telegram never answers is given up and begun anew inside a minute;
 * what people write is answered side by side, each chat in its own order, so that one answer that hangs delays no one.
 * @returns the exit code
 */
export async function listen(
  bot: TelegramBot,
  { handle, state, trouble, stopping }: Listener,
): Promise<number> {
  const lines = new Map<string, Promise<void>>();
  let offset = 0;
  let pauseMs = againMs.least;
  const aborted = whenAborted(stopping);

  const take = (update: Update): void => {
    const chat = chatOf(update);
    const before = lines.get(chat) ?? Promise.resolve();
    const line: Promise<void> = before
      .then(() => handle(update))
      .catch((error: unknown) => trouble(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        if (lines.get(chat) === line) lines.delete(chat);
      });
    lines.set(chat, line);
  };

  while (!stopping.aborted) {
    try {
      const updates = await Promise.race([bot.updates(offset), aborted]);
      if (updates === null) break;
      state({ ok: true, detail: 'listens' });
      pauseMs = againMs.least;
      for (const update of updates) {
        offset = Math.max(offset, update.update_id + 1);
        take(update);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      state({ ok: false, detail: message });
      trouble(message);
      if (error instanceof BotApiProblem && error.code === 401) {
        trouble(
          'Telegram does not know this token. Put the right one into TELEGRAM_BOT_TOKEN and start again.',
        );
        return 1;
      }
      const askedMs = error instanceof BotApiProblem ? error.afterMs : null;
      await sleep(askedMs ?? pauseMs, undefined, { signal: stopping }).catch(() => undefined);
      pauseMs = Math.min(againMs.most, pauseMs * 2);
    }
  }
  await Promise.race([Promise.all(lines.values()), sleep(5000)]);
  return 0;
}

function chatOf(update: Update): string {
  if ('message' in update) return String(update.message.chat.id);
  // A button is pressed by a person: two of them don't wait for one another.
  if ('callback_query' in update) return `button ${update.callback_query.from.id}`;
  return 'other';
}

const whenAborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
