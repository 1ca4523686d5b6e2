import type { Client } from '@temporalio/client';
import { acknowledgeIncident, decideIncident, listOpenIncidents } from '../../client/incidents.ts';
import { describeScope, pause, resume } from '../../client/pauses.ts';
import { parseDuration } from '../../client/cli/parse.ts';
import type { Estate } from '../../domain/estate.ts';
import type { PauseScope } from '../../domain/guard.ts';
import type { Locale } from '../../domain/message/words.ts';
import type { Recipient } from '../../domain/notice.ts';
import { resolveTarget } from '../../domain/policy/target.ts';
import { redact } from '../../domain/redact.ts';
import { botWords, type BotWords } from './words.ts';

/** A message to the bot, as far as it matters. */
export interface BotMessage {
  text: string;
  fromId: string;
  fromName: string;
  chatId: string;
  sentAtMs: number;
}

export interface BotDeps {
  client: Client;
  taskQueue: string;
  estate: Estate;
  locale: Locale;
  recipients: () => Promise<{ recipients: Recipient[] }>;
}

/** A command that waited in Telegram while the bot was away is not what its sender wants now. */
const staleAfterMs = 10 * 60_000;
const shownIncidents = 10;

interface Asked {
  words: BotWords;
  args: string[];
  /** Telegram id of the admin, or of the admins' group: what an incident checks again. */
  by: string;
  /** For the record. */
  owner: string;
}

/** Answers one message; null where it is no command. Only active admins of `telegram_users` are listened to. */
export async function answerMessage(
  deps: BotDeps,
  message: BotMessage,
  nowMs = Date.now(),
): Promise<string | null> {
  const [first = '', ...args] = message.text.trim().split(/\s+/);
  const command = first.replace(/@.*$/, '').toLowerCase();
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (run === undefined) return null;
  const { recipients } = await deps.recipients();
  const admins = recipients.filter(({ isAdmin }) => isAdmin);
  // A group that is an admin's row speaks for whoever its owner lets in.
  const admin =
    admins.find(({ telegramId }) => telegramId === message.fromId) ??
    admins.find(({ telegramId }) => telegramId === message.chatId);
  const words = botWords[admin?.locale ?? deps.locale];
  if (admin === undefined) return words.notAnAdmin(message.fromId);
  if (nowMs - message.sentAtMs > staleAfterMs) return words.tooOld;
  const owner = `${admin.name ?? message.fromName} (Telegram ${message.fromId})`;
  try {
    return await run(deps, { words, args, by: admin.telegramId, owner });
  } catch (error) {
    return words.failed(redact(error instanceof Error ? error.message : String(error)));
  }
}

const commands: Record<string, ((deps: BotDeps, asked: Asked) => Promise<string>) | undefined> = {
  '/start': async (_, { words }) => words.help,
  '/help': async (_, { words }) => words.help,
  '/incidents': async ({ client }, { words }) => {
    const open = await listOpenIncidents(client, shownIncidents);
    if (open.length === 0) return words.noneOpen;
    return open
      .map(
        ({ id, severity, errorType, target, task, status }) =>
          [severity, errorType, target ?? task, status].filter(Boolean).join(' · ') + `\n${id}`,
      )
      .join('\n\n');
  },
  '/approve': (deps, asked) => decide(deps, asked, true),
  '/deny': (deps, asked) => decide(deps, asked, false),
  '/ack': async ({ client }, { words, args: [id], owner }) =>
    id === undefined
      ? words.wantsId
      : words.acknowledged(await acknowledgeIncident(client, { id, by: owner })),
  '/pause': async ({ client, taskQueue, estate }, { words, args, owner }) => {
    const { scope, rest, unknown } = readScope(args, estate);
    if (unknown !== null) return words.noSuchTarget(unknown);
    const [length, ...reason] = rest;
    if (length === undefined || !/^\d/.test(length) || reason.length === 0) return words.wantsPause;
    const until = new Date(Date.now() + parseDuration('/pause', length));
    const done = await pause(client, taskQueue, {
      scope,
      owner,
      reason: redact(reason.join(' ')).slice(0, 500),
      until,
    });
    if (done.paused) return words.paused(describeScope(scope), done.until);
    return words.pausedAlready(describeScope(scope), done.by?.owner ?? '?', done.by?.until ?? null);
  },
  '/resume': async ({ client, estate }, { words, args, owner }) => {
    const { scope, unknown } = readScope(args, estate);
    if (unknown !== null) return words.noSuchTarget(unknown);
    return words.resumed(
      describeScope(scope),
      await resume(client, scope, { by: owner, reason: 'by Telegram' }),
    );
  },
};

async function decide(
  { client }: BotDeps,
  { words, args: [id, nonce], by }: Asked,
  approve: boolean,
): Promise<string> {
  if (id === undefined || nonce === undefined) return words.wantsIdAndCode;
  const { accepted, reason } = await decideIncident(client, { id, approve, by, nonce });
  return words.decided(accepted, reason);
}

/** `host:NAME` or `target:NAME` as the first word, else the estate. A name that is not known pauses nothing, so it is told. */
function readScope(
  args: string[],
  estate: Estate,
): { scope: PauseScope; rest: string[]; unknown: string | null } {
  const [first = '', ...rest] = args;
  const [, kind, name = ''] = /^(host|target):(.+)$/.exec(first) ?? [];
  if (kind === 'host')
    return { scope: { kind, name }, rest, unknown: Object.hasOwn(estate.hosts, name) ? null : name };
  if (kind === 'target') {
    const resolved = resolveTarget(name, null, estate);
    return {
      scope: { kind, name: resolved.ok ? resolved.targetKey : name },
      rest,
      unknown: resolved.ok ? null : name,
    };
  }
  return { scope: { kind: 'estate', name: '' }, rest: args, unknown: null };
}
