import type { Chat, Digest, OnCallState, Told } from './state.ts';
import { isSaidAnew, isSilent, needsPerson, onlyEdits, rankOf } from './urgency.ts';

/** What one chat is to be sent next. */
export type Step =
  | { do: 'send'; incidentId: string; silent: boolean }
  | { do: 'edit'; incidentId: string; messageId: number }
  /** A card that a newer one has replaced loses its buttons. */
  | { do: 'retire'; incidentId: string; messageId: number }
  | { do: 'digest'; messageId: number | null; silent: boolean }
  | { do: 'wait'; untilMs: number }
  | { do: 'nothing' };

const minuteMs = 60_000;
/** A digest is changed, and said anew, this often at most. */
const digestEditMs = 5_000;
const digestAnewMs = 60_000;
/** A digest in which nothing has changed for this long is over. */
const digestQuietMs = 10 * minuteMs;
/** Telegram takes about a message a second in a private chat. */
const privateGapMs = 1_000;
/** Of a group's messages, so many are kept for what needs a person now. */
const keptForUrgent = 6;

/**
 * Chooses what a chat is sent next: requests for approval, then escalations, then the rest; each as it stands now,
 * so that nothing arrives that was settled meanwhile. In a storm new cards become lines of one digest.
 * @param chat changed: incidents that a digest takes over leave what is due
 */
export function nextStep({ incidents, settings, muted }: OnCallState, chat: Chat, nowMs: number): Step {
  forgetOld(chat, nowMs);
  if (chat.retryAtMs > nowMs) return { do: 'wait', untilMs: chat.retryAtMs };
  closeQuietDigest(chat, nowMs);
  const due = Object.entries(chat.due)
    .flatMap(([incidentId, { sinceMs, anew }]) => {
      const told = incidents[incidentId];
      if (told === undefined || !isWanted(chat, incidentId, told, (muted[chat.telegramId] ?? 0) > nowMs)) {
        delete chat.due[incidentId];
        return [];
      }
      return [{ incidentId, told, sinceMs, anew }];
    })
    .sort((a, b) => rankOf(a.told.line.kind) - rankOf(b.told.line.kind) || a.sinceMs - b.sinceMs);
  for (const { incidentId, told, anew } of due) {
    const step =
      told.notice === null ? null : stepFor(chat, incidentId, told, anew, settings.digestAfter, nowMs);
    if (step === null) {
      intoDigest(chat, incidentId, told, nowMs);
      continue;
    }
    const urgent = told.line.kind === 'approval' || (needsPerson(told.line.kind) && step.do === 'send');
    return whenAllowed(chat, step, urgent, settings.groupMessagesPerMin, nowMs);
  }
  const digest = chat.digest === null ? null : digestStep(chat.digest, nowMs);
  if (digest !== null && digest.do !== 'wait')
    return whenAllowed(chat, digest, false, settings.groupMessagesPerMin, nowMs);
  const [replaced] = chat.replaced;
  if (replaced !== undefined)
    return whenAllowed(chat, { do: 'retire', ...replaced }, false, settings.groupMessagesPerMin, nowMs);
  return digest ?? { do: 'nothing' };
}

/** Whether this chat has not been shown the incident's newest state yet. */
function isWanted(chat: Chat, incidentId: string, told: Told, isMuted: boolean): boolean {
  const card = chat.cards[incidentId];
  if (isMuted && card === undefined && !needsPerson(told.line.kind)) return false;
  if (card === undefined)
    return !onlyEdits(told.line.kind) || chat.digest?.incidentIds.includes(incidentId) === true;
  return card.revision < told.revision || chat.due[incidentId]?.anew === true;
}

/** @returns null where it is to be a line of the digest */
function stepFor(
  chat: Chat,
  incidentId: string,
  told: Told,
  anew: boolean,
  digestAfter: number,
  nowMs: number,
): Step | null {
  const { kind } = told.line;
  const card = chat.cards[incidentId];
  const isOwnMessage =
    card === undefined || card.messageId === 0 || anew || (isSaidAnew(kind) && card.kind !== kind);
  if (!isOwnMessage) return { do: 'edit', incidentId, messageId: card.messageId };
  const send: Step = { do: 'send', incidentId, silent: isSilent(kind) && !anew };
  if (kind === 'approval') return send;
  if (chat.digest !== null && chat.digest.incidentIds.includes(incidentId)) return null;
  const newCards = chat.cardsAtMs.filter((at) => nowMs - at < minuteMs).length;
  return chat.digest !== null || newCards >= digestAfter ? null : send;
}

function intoDigest(chat: Chat, incidentId: string, told: Told, nowMs: number): void {
  const digest = (chat.digest ??= {
    messageId: null,
    incidentIds: [],
    forgotten: 0,
    openedAtMs: nowMs,
    changedAtMs: nowMs,
    sentAtMs: 0,
    shownAtMs: 0,
    loud: false,
  });
  if (!digest.incidentIds.includes(incidentId)) digest.incidentIds.push(incidentId);
  digest.changedAtMs = nowMs;
  if (needsPerson(told.line.kind) || chat.due[incidentId]?.anew === true) digest.loud = true;
  delete chat.due[incidentId];
  const card = chat.cards[incidentId];
  // What has a card of its own is changed there as well, without a sound.
  if (card !== undefined && card.revision < told.revision)
    chat.replaced.push({ incidentId, messageId: card.messageId });
}

function digestStep(digest: Digest, nowMs: number): Step | null {
  const { messageId, changedAtMs, shownAtMs, sentAtMs, loud } = digest;
  if (messageId === null) return { do: 'digest', messageId: null, silent: !loud };
  if (loud && nowMs - sentAtMs >= digestAnewMs) return { do: 'digest', messageId: null, silent: false };
  const editAtMs = shownAtMs + digestEditMs;
  if (changedAtMs > shownAtMs)
    return nowMs >= editAtMs ? { do: 'digest', messageId, silent: true } : { do: 'wait', untilMs: editAtMs };
  return loud ? { do: 'wait', untilMs: sentAtMs + digestAnewMs } : null;
}

function closeQuietDigest(chat: Chat, nowMs: number): void {
  const { digest } = chat;
  if (digest === null || digest.loud || digest.messageId === null) return;
  if (digest.changedAtMs <= digest.shownAtMs && nowMs - digest.changedAtMs > digestQuietMs)
    chat.digest = null;
}

/** Telegram's limits for a chat; a group's are kept free for what is urgent. */
function whenAllowed(chat: Chat, step: Step, urgent: boolean, perMin: number, nowMs: number): Step {
  const isGroup = chat.telegramId.startsWith('-');
  const sent = chat.sentAtMs;
  if (!isGroup) {
    const last = sent.at(-1) ?? 0;
    // Three in a row go through; then one a second.
    const burst = sent.filter((at) => nowMs - at < 3 * privateGapMs).length >= 3;
    return burst && !urgent && nowMs - last < privateGapMs
      ? { do: 'wait', untilMs: last + privateGapMs }
      : step;
  }
  const room = urgent ? perMin : Math.max(1, perMin - keptForUrgent);
  if (sent.length < room) return step;
  const oldest = sent[sent.length - room] ?? nowMs;
  return { do: 'wait', untilMs: oldest + minuteMs };
}

function forgetOld(chat: Chat, nowMs: number): void {
  chat.sentAtMs = chat.sentAtMs.filter((at) => nowMs - at < minuteMs);
  chat.cardsAtMs = chat.cardsAtMs.filter((at) => nowMs - at < minuteMs);
}

/** Takes down that a step was done. @param revision what was shown, as the state may have gone on meanwhile */
export function stepDone(
  { incidents }: OnCallState,
  chat: Chat,
  { step, messageId, revision }: { step: Step; messageId: number | null; revision: number },
  nowMs: number,
): void {
  chat.failures = 0;
  chat.retryAtMs = 0;
  chat.sentAtMs.push(nowMs);
  if (step.do === 'retire') {
    chat.replaced.shift();
    return;
  }
  if (step.do === 'digest') {
    if (chat.digest === null) return;
    chat.digest.shownAtMs = nowMs;
    if (step.messageId === null) {
      chat.digest.messageId = messageId ?? 0;
      chat.digest.sentAtMs = nowMs;
      if (!step.silent) chat.digest.loud = false;
    }
    return;
  }
  if (step.do !== 'send' && step.do !== 'edit') return;
  const { incidentId } = step;
  const told = incidents[incidentId];
  const before = chat.cards[incidentId];
  const kind = told?.line.kind ?? 'alerted';
  if (step.do === 'send') {
    chat.cardsAtMs.push(nowMs);
    if (before !== undefined) chat.replaced.push({ incidentId, messageId: before.messageId });
  }
  chat.cards[incidentId] = {
    messageId: messageId ?? before?.messageId ?? 0,
    revision,
    kind: step.do === 'send' ? kind : (before?.kind ?? kind),
  };
  if (told === undefined || told.revision === revision) delete chat.due[incidentId];
  else if (chat.due[incidentId] !== undefined) chat.due[incidentId].anew = false;
}

/** Takes down that a step could not be done now. @param afterMs the pause that Telegram asked for */
export function stepFailed(chat: Chat, afterMs: number | null, nowMs: number): void {
  chat.failures += 1;
  chat.retryAtMs = nowMs + (afterMs ?? Math.min(minuteMs, 1000 * 2 ** Math.min(chat.failures - 1, 6)));
}
