import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import type { Delivery } from '../domain/message/deliveries.ts';
import { planDeliveries } from '../domain/message/deliveries.ts';
import type { Messenger } from '../domain/message/messenger.ts';
import { terminalChatId } from '../domain/message/messenger.ts';
import { renderNotice } from '../domain/message/render-notice.ts';
import type { TemporalUi } from '../domain/message/temporal-link.ts';
import type { Locale } from '../domain/message/words.ts';
import type { Notice, Recipient } from '../domain/message/notice.ts';
import type { Outbox, OutboxEntry } from './gateways/messaging/delivery-log.ts';

/** Spreads the retries of many messages that were told to come back at the same moment. */
const RETRY_SPREAD_MS = 1_000;

/** How long one try may take (`telling` in workflows/proxies.ts): an older `sending` is a dead worker's. */
const TRY_MS = 30_000;

export interface NotifyDependencies {
  messenger: Messenger;
  /** For recipients that Telegram refuses, and where there is nobody to tell. */
  terminal: Messenger;
  recipients: () => Promise<{ recipients: Recipient[]; source: 'database' | 'snapshot' | 'seeds' }>;
  /** For recipients without a locale of their own (`AUTOHEAL_LOCALE`). */
  locale: Locale;
  temporalUi: TemporalUi | null;
  outbox: Outbox;
}

export interface NotifyOutcome {
  outcome: 'sent' | 'refused' | 'already_sent';
  messageId: number | null;
  detail: string;
}

/** The activities that tell people. One recipient at a time, so that none holds up another. */
export const createNotify = (dependencies: NotifyDependencies) => {
  const { messenger, terminal, outbox } = dependencies;
  const underWay = new Map<string, Promise<NotifyOutcome>>();

  const deliver = async (
    notice: Notice,
    { telegramId: chatId, locale }: Delivery,
  ): Promise<NotifyOutcome> => {
    const { noticeId, kind } = notice;
    const before = await outbox.stateOf(noticeId, chatId);
    if (before?.result === 'sent' || before?.result === 'maybe_duplicate') {
      return { outcome: 'already_sent', messageId: before.messageId, detail: 'The outbox says so.' };
    }
    const restMs = before?.result === 'sending' ? before.atMs + TRY_MS - Date.now() : 0;
    if (restMs > 0) {
      // A run that continued as new asks again for what its last run's try is still at, maybe in another worker.
      throw ApplicationFailure.create({
        message: `chat ${chatId} is being told by another try; looked at again when that has ended`,
        type: failureTypes.messengerAway,
        nonRetryable: false,
        nextRetryDelay: Math.ceil(restMs),
      });
    }
    const note = (result: OutboxEntry['result'], messageId: number | null, detail?: string) =>
      outbox.append({
        at: new Date().toISOString(),
        ...{ noticeId, chatId, kind, messageId, result },
        ...(detail === undefined ? {} : { detail }),
      });
    const answerLost = before !== null && (before.answerLost || before.result === 'sending');
    const message = { chatId, ...renderNotice(notice, { locale, temporalUi: dependencies.temporalUi }) };

    await note('sending', null);
    const result = await (chatId === terminalChatId ? terminal : messenger).send(message);
    switch (result.kind) {
      case 'sent':
        await note(answerLost ? 'maybe_duplicate' : 'sent', result.messageId);
        return {
          outcome: 'sent',
          messageId: result.messageId,
          detail: answerLost ? 'An earlier try may have been delivered, too.' : 'Delivered.',
        };
      case 'refused':
        await note('refused', null, result.message);
        // A person still has to be told: whoever watches the worker is.
        await terminal.send(message);
        log.warn(`Chat ${chatId} takes no messages: ${result.message}. Correct its row in telegram_users.`);
        return { outcome: 'refused', messageId: null, detail: result.message };
      case 'retry':
      case 'unknown': {
        await note(result.kind, null, result.message);
        // A pause that Telegram asked for; otherwise the retry policy's own backoff holds.
        const pauseMs = result.kind === 'retry' ? result.afterMs : null;
        throw ApplicationFailure.create({
          message: `${result.message}; chat ${chatId} is tried again`,
          type: failureTypes.messengerAway,
          nonRetryable: false,
          ...(pauseMs === null
            ? {}
            : { nextRetryDelay: Math.ceil(pauseMs + Math.random() * RETRY_SPREAD_MS) }),
        });
      }
    }
  };

  return {
    /**
     * Who is told about a notice (domain/message/deliveries). `problem` says that nobody was found and that the
     * message goes to the terminal.
     */
    async planNotice({ notice }: { notice: Notice }) {
      const { recipients, source } = await dependencies.recipients();
      const plan = planDeliveries(notice, recipients, dependencies.locale);
      if (plan.problem !== null) log.warn(plan.problem);
      return { ...plan, source };
    },

    /**
     * Tells one recipient. The same notice is delivered to one recipient once: a repeated call finds it in the
     * outbox. It can be there twice only when an answer was lost after Telegram had taken the message, and the
     * outbox then says `maybe_duplicate`.
     * @throws ApplicationFailure `MessengerAway`, retryable after the pause that Telegram asked for.
     */
    async notify({ notice, recipient }: { notice: Notice; recipient: Delivery }): Promise<NotifyOutcome> {
      const key = JSON.stringify([notice.noticeId, recipient.telegramId]);
      const running = underWay.get(key);
      if (running !== undefined) return running;
      const delivery = deliver(notice, recipient).finally(() => underWay.delete(key));
      underWay.set(key, delivery);
      return delivery;
    },
  };
};

export type NotifyActivities = ReturnType<typeof createNotify>;
