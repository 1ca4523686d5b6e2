import { getClient } from '@temporalio/activity';
import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import { buttonsOf } from '../domain/message/buttons.ts';
import type { Delivery } from '../domain/message/deliveries.ts';
import { planDeliveries } from '../domain/message/deliveries.ts';
import type { Messenger } from '../domain/message/messenger.ts';
import { terminalChatId } from '../domain/message/messenger.ts';
import { renderDigest } from '../domain/message/render-digest.ts';
import { renderNotice } from '../domain/message/render-notice.ts';
import type { TemporalUi } from '../domain/message/temporal-link.ts';
import type { Locale } from '../domain/message/words.ts';
import type { Notice, Recipient } from '../domain/message/notice.ts';
import { onCallWorkflowId, workflowTypes } from '../domain/workflow-ids.ts';
import type { Line, OnCallSettings } from '../domain/on-call/state.ts';
import type { Outbox, OutboxEntry } from './gateways/messaging/delivery-log.ts';

/** How long one try may take (`delivering` in workflows/proxies.ts): an older `sending` is a dead worker's. */
const tryMs = 30_000;

export interface NotifyDependencies {
  messenger: Messenger;
  /** For recipients that Telegram refuses, and where there is nobody to tell. */
  terminal: Messenger;
  recipients: () => Promise<{ recipients: Recipient[]; source: 'database' | 'snapshot' | 'seeds' }>;
  /** For recipients without a locale of their own (`AUTOHEAL_LOCALE`). */
  locale: Locale;
  temporalUi: TemporalUi | null;
  outbox: Outbox;
  taskQueue: string;
  settings: () => OnCallSettings;
}

/** What one chat is sent: an incident's card, or the digest of a storm. */
export type CardContent =
  | { kind: 'card'; notice: Notice; buttons: boolean }
  | { kind: 'digest'; lines: Pick<Line, 'kind'>[]; worst: Line[]; forgotten: number };

export interface CardInput {
  content: CardContent;
  chat: Delivery;
  /** Changes this message; null: a new one. */
  messageId: number | null;
  silent: boolean;
  /** Names a new message: it is sent to this chat once. */
  key: string;
}

export interface CardOutcome {
  /** `gone`: the message to change is not there any more. */
  outcome: 'sent' | 'refused' | 'already_sent' | 'gone';
  messageId: number | null;
  /** The id of the supergroup that this group has become. */
  movedTo: string | null;
  detail: string;
}

/** The activities that tell people. */
export const createNotify = (dependencies: NotifyDependencies) => {
  const { messenger, terminal, outbox, locale, temporalUi } = dependencies;
  const underWay = new Map<string, Promise<CardOutcome>>();

  const render = (content: CardContent, { locale: reads, timeZone }: Delivery) => {
    const options = { locale: reads, timeZone, temporalUi, nowMs: Date.now() };
    if (content.kind === 'digest') return renderDigest(content, options);
    const buttons = content.buttons ? buttonsOf(content.notice, reads) : [];
    return { ...renderNotice(content.notice, options), buttons };
  };

  /** @throws ApplicationFailure `MessengerAway` where another try is, or may be, still under way */
  const alreadySent = async ({
    key,
    chat,
  }: CardInput): Promise<{ done: CardOutcome | null; maybe: boolean }> => {
    const before = await outbox.stateOf(key, chat.telegramId);
    if (before?.result === 'sent' || before?.result === 'maybe_duplicate') {
      const { messageId } = before;
      return {
        done: { outcome: 'already_sent', messageId, movedTo: null, detail: 'The outbox says so.' },
        maybe: false,
      };
    }
    const restMs = before?.result === 'sending' ? before.atMs + tryMs - Date.now() : 0;
    if (restMs > 0) throw away(`chat ${chat.telegramId} is being told by another try`, restMs);
    return { done: null, maybe: before !== null && (before.answerLost || before.result === 'sending') };
  };

  return {
    /** Hands a notice to the on-call workflow, which tells people: ordered, in time, and for as long as that takes. */
    async notify({ notice }: { notice: Notice }): Promise<void> {
      await getClient().workflow.signalWithStart(workflowTypes.onCall, {
        workflowId: onCallWorkflowId,
        taskQueue: dependencies.taskQueue,
        signal: 'tell',
        signalArgs: [notice],
        staticSummary: 'tells people, and keeps what waits for them',
      });
    },

    /**
     * Who is told about a notice (domain/message/deliveries). `problem` says that nobody was found and that the
     * message goes to the terminal.
     */
    async planNotice({ notice, level = 1 }: { notice: Pick<Notice, 'kind' | 'severity'>; level?: 1 | 2 }) {
      const { recipients, source } = await dependencies.recipients();
      const plan = planDeliveries(notice, recipients, locale, level);
      if (plan.problem !== null) log.warn(plan.problem);
      return { ...plan, source, settings: dependencies.settings() };
    },

    /**
     * Sends one chat one message, or changes one, once. It can be there twice only when an answer was lost after
     * Telegram had taken the message, and the outbox then says `maybe_duplicate`.
     * @throws ApplicationFailure `MessengerAway`, with the pause in ms that Telegram asked for as its detail
     */
    async deliverCard(input: CardInput): Promise<CardOutcome> {
      const key = JSON.stringify([input.key, input.chat.telegramId, input.messageId]);
      const running = underWay.get(key);
      if (running !== undefined) return running;
      const delivery = deliver(input).finally(() => underWay.delete(key));
      underWay.set(key, delivery);
      return delivery;
    },
  };

  async function deliver(input: CardInput): Promise<CardOutcome> {
    const { content, chat, messageId, silent, key } = input;
    const { telegramId: chatId } = chat;
    const isNew = messageId === null;
    const { done, maybe } = isNew ? await alreadySent(input) : { done: null, maybe: false };
    if (done !== null) return done;
    const note = async (result: OutboxEntry['result'], id: number | null, detail?: string): Promise<void> => {
      if (!isNew) return;
      const kind = content.kind === 'digest' ? 'digest' : content.notice.kind;
      const said = detail === undefined ? {} : { detail };
      await outbox.append({
        at: new Date().toISOString(),
        noticeId: key,
        chatId,
        kind,
        messageId: id,
        result,
        ...said,
      });
    };
    const message = { chatId, ...render(content, chat), silent, editMessageId: messageId };
    await note('sending', null);
    const result = await (chatId === terminalChatId ? terminal : messenger).send(message);
    switch (result.kind) {
      case 'sent': {
        await note(maybe ? 'maybe_duplicate' : 'sent', result.messageId);
        const detail = maybe ? 'An earlier try may have been delivered, too.' : 'Delivered.';
        return { outcome: 'sent', messageId: result.messageId, movedTo: result.movedTo ?? null, detail };
      }
      case 'gone':
        return { outcome: 'gone', messageId: null, movedTo: null, detail: result.message };
      case 'refused':
        await note('refused', null, result.message);
        // A person still has to be told: whoever watches the worker is.
        if (isNew) await terminal.send(message);
        log.warn(`Chat ${chatId} takes no messages: ${result.message}. Correct its row in telegram_users.`);
        return { outcome: 'refused', messageId: null, movedTo: null, detail: result.message };
      case 'retry':
      case 'unknown':
        await note(result.kind, null, result.message);
        throw away(
          `${result.message}; chat ${chatId} is tried again`,
          result.kind === 'retry' ? result.afterMs : null,
        );
    }
  }
};

/** What is sent is chosen anew before the next try, so this one is not repeated as it is. */
function away(message: string, afterMs: number | null): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: failureTypes.messengerAway,
    nonRetryable: true,
    details: [afterMs],
  });
}

export type NotifyActivities = ReturnType<typeof createNotify>;
