import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { CardContent, CardInput } from '../../activities/notify.ts';
import { stepDone, stepFailed, type Step } from '../../domain/on-call/next-step.ts';
import type { Chat, OnCallState } from '../../domain/on-call/state.ts';
import { rankOf } from '../../domain/on-call/urgency.ts';
import { causeOf } from '../cause-of.ts';
import { delivering, following } from '../proxies.ts';

type Message = Exclude<Step, { do: 'wait' | 'nothing' }>;

/** Sends, or changes, one message, and takes down how that went. What failed is chosen anew, as it stands then. */
export async function carryOut(state: OnCallState, chat: Chat, step: Message): Promise<void> {
  const input = inputOf(state, chat, step);
  const revision = 'incidentId' in step ? (state.incidents[step.incidentId]?.revision ?? 0) : 0;
  if (input === null) {
    // Nothing is known of it any more: there is nothing to show.
    if ('incidentId' in step) delete chat.due[step.incidentId];
    if (step.do === 'retire') chat.replaced.shift();
    return;
  }
  try {
    const summary = `${step.do} to ${chat.telegramId}`;
    const done = await delivering.deliverCard.executeWithOptions({ summary }, [input]);
    if (done.outcome === 'gone') return takeGone(chat, step);
    stepDone(state, chat, { step, messageId: done.messageId, revision }, Date.now());
    if (done.movedTo !== null) follow(state, chat, done.movedTo);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const cause = causeOf(error);
    const [afterMs] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
    stepFailed(chat, typeof afterMs === 'number' ? afterMs : null, Date.now());
  }
}

function inputOf(state: OnCallState, chat: Chat, step: Message): CardInput | null {
  const { telegramId, locale, timeZone } = chat;
  const to = { telegramId, locale, timeZone };
  if (step.do === 'digest') {
    const { digest } = chat;
    if (digest === null) return null;
    const all = digest.incidentIds.flatMap((id) => state.incidents[id]?.line ?? []);
    const worst = [...all].sort(
      (a, b) => rankOf(a.kind) - rankOf(b.kind) || a.severity.localeCompare(b.severity),
    );
    const content: CardContent = {
      kind: 'digest',
      lines: all.map(({ kind }) => ({ kind })),
      worst: worst.slice(0, 5),
      forgotten: digest.forgotten,
    };
    const key = `digest/${digest.openedAtMs}/${digest.sentAtMs}`;
    return { content, chat: to, messageId: step.messageId, silent: step.silent, key };
  }
  const notice = state.incidents[step.incidentId]?.notice ?? null;
  if (notice === null) return null;
  const isRetired = step.do === 'retire';
  const content: CardContent = { kind: 'card', notice, buttons: !isRetired };
  const again = notice.reminder === undefined ? '' : `/reminder/${notice.reminder}`;
  return {
    content,
    chat: to,
    messageId: step.do === 'send' ? null : step.messageId,
    silent: step.do === 'send' ? step.silent : true,
    key: `${notice.noticeId}${again}`,
  };
}

/** The message to change is not there any more: what it said is sent anew, unless it was an old one. */
function takeGone(chat: Chat, step: Step): void {
  if (step.do === 'retire') chat.replaced.shift();
  if (step.do === 'edit') delete chat.cards[step.incidentId];
  if (step.do === 'digest' && chat.digest !== null) chat.digest.messageId = null;
}

/** A group that has become a supergroup is another chat: it is followed, and so is its row, which nobody waits for. */
function follow(state: OnCallState, chat: Chat, movedTo: string): void {
  const from = chat.telegramId;
  chat.telegramId = movedTo;
  state.chats[movedTo] ??= chat;
  delete state.chats[from];
  const summary = `${from} is ${movedTo} now`;
  void following.moveRecipient
    .executeWithOptions({ summary }, [{ from, to: movedTo }])
    .catch(() => undefined);
}
