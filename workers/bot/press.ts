import { cardAt } from '../../client/operator/on-call.ts';
import { pause } from '../../client/operator/pauses.ts';
import { decideIncident } from '../../client/operator/incidents.ts';
import { readButton, type Pressed } from '../../domain/message/buttons.ts';
import { localTime } from '../../domain/message/local-time.ts';
import { resolveTarget } from '../../domain/policy/target.ts';
import { acknowledge, resolve } from './act.ts';
import { adminOf, ownerOf, type BotDeps } from './asked.ts';
import { describeIncident } from './commands.ts';
import { botWords, type BotWords } from './words.ts';

/** A button that somebody pressed. */
export interface ButtonPress {
  data: string;
  fromId: string;
  fromName: string;
  chatId: string;
  messageId: number;
}

export interface PressAnswer {
  /** Pops up at once. */
  popUp: string;
  /** Is written into the chat, where that is too much for a line. */
  message?: string;
  /** Why nothing was done, for the log. */
  refused?: string;
}

const pauseMs = 3_600_000;

/**
 * Does what a button says. It is bound to the card under which it stands, to that card's incident and, for a request,
 * to its one-use code; and it is done for an active admin in person only.
 */
export async function pressButton(deps: BotDeps, press: ButtonPress): Promise<PressAnswer> {
  const { recipients } = await deps.recipients();
  const row = recipients.find(({ telegramId }) => telegramId === press.fromId);
  const locale = row?.locale ?? deps.locale;
  const words = botWords[locale];
  const admin = adminOf(recipients, press.fromId);
  if (admin === null) return { popUp: words.notAnAdmin(press.fromId), refused: 'no active admin' };
  const pressed = readButton(press.data);
  if (pressed === null) return { popUp: words.notOurs, refused: 'no button of ours' };
  const card = await cardAt(deps.client, { chatId: press.chatId, messageId: press.messageId });
  if (card?.incidentId !== pressed.incidentId)
    return { popUp: words.oldButton, refused: `not the card of ${pressed.incidentId}` };
  const owner = ownerOf(admin, press.fromName);
  const reader = { locale, timeZone: row?.timeZone ?? null };
  if (pressed.verb === 'details')
    return { popUp: '🔎', message: await describeIncident(deps, pressed.incidentId, reader) };
  if (pressed.verb === 'pause') {
    const target = 'message' in card ? card.target : card.place;
    return { popUp: await pauseTarget(deps, { target, owner, reader }, words) };
  }
  return act(deps, { pressed, by: admin.telegramId, owner, chat: press.chatId }, words);
}

async function act(
  deps: BotDeps,
  { pressed, by, owner, chat }: { pressed: Pressed; by: string; owner: string; chat: string },
  words: BotWords,
): Promise<PressAnswer> {
  const { verb, incidentId: id, nonce } = pressed;
  if (verb === 'acknowledge') return { popUp: await acknowledge(deps, id, owner, words) };
  if (verb === 'resolve') return { popUp: await resolve(deps, { id, note: '', owner }, words) };
  const approve = verb === 'approve';
  const { accepted, reason } = await decideIncident(deps.client, {
    id,
    approve,
    by,
    nonce: nonce ?? '',
    chat,
  });
  return { popUp: words.decided(accepted, approve, reason), ...(accepted ? {} : { refused: reason }) };
}

async function pauseTarget(
  { client, taskQueue, estate }: BotDeps,
  {
    target,
    owner,
    reader,
  }: { target: string | null; owner: string; reader: Parameters<typeof localTime>[1] },
  words: BotWords,
): Promise<string> {
  const resolved = resolveTarget(target, null, estate);
  if (!resolved.ok) return words.wantsPause('unknown', target ?? '');
  const scope = { kind: 'target' as const, name: resolved.targetKey };
  const until = new Date(Date.now() + pauseMs);
  const done = await pause(client, taskQueue, { scope, owner, reason: 'by a button on Telegram', until });
  const at = (iso: string | null): string | null =>
    iso === null ? null : localTime(iso, reader, Date.now());
  if (done.paused) return words.paused(words.scope(scope), at(done.until));
  return words.pausedAlready(words.scope(scope), done.by?.owner ?? '?', at(done.by?.until ?? null));
}
