import { listOpenIncidents } from '../../client/operator/incidents.ts';
import { incidentTold, listWaiting, mute, pendingMessages } from '../../client/operator/on-call.ts';
import { describeScope, pause, resume } from '../../client/operator/pauses.ts';
import { localTime } from '../../domain/message/local-time.ts';
import { renderNotice } from '../../domain/message/render-notice.ts';
import { wordsOf } from '../../domain/message/words.ts';
import { redact } from '../../domain/redact/redact.ts';
import { acknowledge, decide, resolve } from './act.ts';
import type { Asked, BotDeps } from './asked.ts';
import { botWords } from './words.ts';
import { lengthOf, readPause, readResume } from './read-scope.ts';

const shownIncidents = 10;

/** What an admin may ask for. Each answers in a text. */
export const commands: Record<string, ((deps: BotDeps, asked: Asked) => Promise<string>) | undefined> = {
  '/start': async (_, { words }) => words.help,
  '/help': async (_, { words }) => words.help,
  '/status': async ({ client }, { words }) => {
    const [open, waiting, { messages }] = await Promise.all([
      listOpenIncidents(client, 200),
      listWaiting(client),
      pendingMessages(client),
    ]);
    return words.status(open.length, waiting.length, messages);
  },
  '/incidents': async ({ client }, { words, locale, timeZone }) => {
    const [open, waiting] = await Promise.all([listOpenIncidents(client, 200), listWaiting(client)]);
    const { title } = wordsOf(locale);
    const waitingIds = new Set(waiting.map(({ incidentId }) => incidentId));
    const lines = waiting
      .slice(0, shownIncidents)
      .map(({ incidentId, kind, severity, errorType, place, since }) => {
        const what = [place, errorType, severity].filter((part) => part !== '').join(' · ');
        return `${title[kind]} · ${what}\n${localTime(since, { locale, timeZone }, Date.now())}\n${incidentId}`;
      });
    const others = open
      .filter(({ id }) => !waitingIds.has(id))
      .slice(0, shownIncidents)
      .map(
        ({ id, severity, errorType, target, task, status }) =>
          [target ?? task, errorType, severity, words.state(status ?? '')].filter(Boolean).join(' · ') +
          `\n${id}`,
      );
    const parts = [
      ...(lines.length > 0 ? [words.waitingForYou(waiting.length), ...lines] : []),
      ...(others.length > 0 ? [words.open(open.length), ...others] : []),
    ];
    return parts.length === 0 ? words.noneOpen : parts.join('\n\n');
  },
  '/incident': async (deps, { words, locale, timeZone, args: [id, ...more] }) =>
    id === undefined || more.length > 0
      ? words.wantsIncident
      : describeIncident(deps, id, { locale, timeZone }),
  '/search': async ({ search }, { words, rest }) => {
    if (rest === '') return words.wantsText;
    const { cases, problem } = await search(rest.slice(0, 2000));
    const found = cases.length === 0 ? words.nothingFound : cases.map((line) => `• ${line}`).join('\n');
    return problem === null
      ? found
      : `${words.notSearched(problem)}\n${cases.length === 0 ? '' : found}`.trim();
  },
  '/approve': (deps, asked) => decide(deps, asked, true),
  '/deny': (deps, asked) => decide(deps, asked, false),
  '/ack': async (deps, { words, args: [id, ...more], owner }) =>
    id === undefined || more.length > 0 ? words.wantsId : acknowledge(deps, id, owner, words),
  '/resolve': async (deps, { words, args: [id, ...note], owner }) =>
    id === undefined || note.length === 0
      ? words.wantsNote
      : resolve(deps, { id, note: note.join(' '), owner }, words),
  '/pause': async ({ client, taskQueue, estate }, { words, args, owner, locale, timeZone }) => {
    const read = readPause(args, estate);
    if (!read.ok) return words.wantsPause(read.problem, read.word);
    const { scope, forMs, reason } = read;
    const done = await pause(client, taskQueue, {
      scope,
      owner,
      reason: redact(reason).slice(0, 500),
      until: new Date(Date.now() + forMs),
    });
    const at = (until: string | null): string | null =>
      until === null ? null : localTime(until, { locale, timeZone }, Date.now());
    const what = words.scope(scope);
    if (done.paused) return words.paused(what, at(done.until));
    return words.pausedAlready(what, done.by?.owner ?? '?', at(done.by?.until ?? null));
  },
  '/resume': async ({ client, estate }, { words, args, owner }) => {
    const read = readResume(args, estate);
    if (!read.ok) return words.wantsResume(read.problem, read.word);
    const was = await resume(client, read.scope, {
      by: owner,
      reason: `by Telegram: ${describeScope(read.scope)}`,
    });
    return words.resumed(words.scope(read.scope), was);
  },
  '/mute': async ({ client, taskQueue }, { words, args: [length, ...more], by, locale, timeZone }) => {
    const forMs = length === '0' ? 0 : lengthOf(length);
    if (forMs === null || more.length > 0) return words.wantsMute;
    const untilMs = Date.now() + forMs;
    await mute(client, taskQueue, { chatId: by, untilMs });
    return forMs === 0
      ? words.unmuted
      : words.muted(localTime(new Date(untilMs).toISOString(), { locale, timeZone }, Date.now()));
  },
  '/recipients': async ({ recipients }, { words }) => {
    const { recipients: all } = await recipients();
    return all.map((one) => `• ${words.recipient(one)}`).join('\n');
  },
};

/** An incident as people were told of it, or as Temporal has it. */
export async function describeIncident(
  { client, locale: standard }: BotDeps,
  id: string,
  { locale, timeZone }: { locale: Asked['locale']; timeZone: string | null },
): Promise<string> {
  const told = await incidentTold(client, id);
  if (told !== null && 'message' in told)
    return renderNotice(told, { locale, timeZone, temporalUi: null, nowMs: Date.now() }).plain;
  const open = (await listOpenIncidents(client, 200)).find((one) => one.id === id);
  const words = botWords[locale ?? standard];
  if (open === undefined && told === null) return words.notKnown(id);
  const parts =
    told === null
      ? [open?.target ?? open?.task, open?.errorType, open?.severity, words.state(open?.status ?? '')]
      : [told.place, told.errorType, told.severity];
  return [parts.filter(Boolean).join(' · '), id].join('\n');
}
