import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutbox } from '../../activities/gateways/messaging/delivery-log.ts';
import { openTelegram } from '../../activities/gateways/messaging/telegram.ts';
import { openTerminal } from '../../activities/gateways/messaging/terminal.ts';
import type { CardInput, NotifyActivities } from '../../activities/notify.ts';
import { createNotify } from '../../activities/notify.ts';
import { noSettings } from '../../domain/on-call/state.ts';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import type { Notice, Recipient } from '../../domain/message/notice.ts';
import type { BotApi } from '../support/bot-api.ts';
import { startBotApi } from '../support/bot-api.ts';
import { noticeOf, recipientOf } from '../support/notices.ts';

let api: BotApi;
let home: string;
let shown: string[];
const recipient = { telegramId: '1001', locale: 'en' as const, timeZone: null };
const more = { taskQueue: 'autoheal', settings: () => noSettings };

/** A worker's activities; a second one over the same folder is the worker after a restart. */
const startWorker = (people: Recipient[] = [recipientOf()]): NotifyActivities =>
  createNotify({
    messenger: openTelegram({ token: api.token, apiRoot: api.root, timeoutMs: 1_000 }),
    terminal: openTerminal((text) => shown.push(text)),
    recipients: async () => ({ recipients: people, source: 'database' }),
    locale: 'en',
    temporalUi: { url: 'https://temporal.example.net', namespace: 'default' },
    outbox: openOutbox(join(home, 'outbox.jsonl')),
    ...more,
  });
const run = <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment().run(work);
const notify = (
  worker: NotifyActivities,
  notice = noticeOf(),
  to: { telegramId: string; locale: 'en'; timeZone: null } = recipient,
) => run(() => worker.deliverCard(cardOf(notice, to)));
const cardOf = (notice: Notice, chat: { telegramId: string; locale: 'en'; timeZone: null }): CardInput => ({
  content: { kind: 'card', notice, buttons: false },
  chat,
  messageId: null,
  silent: false,
  key: notice.noticeId,
});
const failureOf = async (work: Promise<unknown>): Promise<ApplicationFailure> => {
  const failure: unknown = await work.catch((error: unknown) => error);
  if (!(failure instanceof ApplicationFailure))
    throw new Error(`expected a failure, got ${JSON.stringify(failure)}`);
  return failure;
};
const outboxResults = async (): Promise<string[]> => {
  const lines = (await readFile(join(home, 'outbox.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { result: string }).result);
};

beforeEach(async () => {
  api = await startBotApi();
  home = await mkdtemp(join(tmpdir(), 'autoheal-notify-'));
  shown = [];
});
afterEach(async () => {
  await api.close();
  await rm(home, { recursive: true });
});

describe('notify', () => {
  it('delivers a message that reads as rendered, and notes it for its owner only', async () => {
    const outcome = await notify(startWorker(), noticeOf({ message: 'a < b & "c"' }));
    expect(outcome).toMatchObject({ outcome: 'sent', messageId: 1 });
    expect(api.messages()[0]).toMatchObject({ chatId: '1001', html: true });
    expect(api.messages()[0]?.text).toContain('a < b & "c"');
    expect(await outboxResults()).toEqual(['sending', 'sent']);
    expect((await stat(join(home, 'outbox.jsonl'))).mode & 0o777).toBe(0o600);
  });

  it('fits a message of markup from end to end into what Telegram takes', async () => {
    const long = '<b>&'.repeat(10_000);
    await notify(startWorker(), noticeOf({ message: long, output: long, tried: [long] }));
    expect(api.messages()).toHaveLength(1);
    expect(api.messages()[0]?.source.length).toBeLessThanOrEqual(4096);
  });

  it('does not send again when the activity is retried after a lost completion, also by the next worker', async () => {
    await notify(startWorker());
    const again = await notify(startWorker());
    expect(again).toMatchObject({ outcome: 'already_sent', messageId: 1 });
    expect(api.messages()).toHaveLength(1);
  });

  it('sends once when it is asked twice at the same time', async () => {
    const worker = startWorker();
    await Promise.all([notify(worker), notify(worker)]);
    expect(api.messages()).toHaveLength(1);
  });

  it('waits as long as a 429 asks, without asking again before, and then delivers', async () => {
    const worker = startWorker();
    api.failNext({ status: 429, retryAfter: 1 });
    const first = await failureOf(notify(worker));
    expect(first.type).toBe(failureTypes.messengerAway);
    expect(first.details).toEqual([1_000]);
    await failureOf(notify(worker));
    expect(api.requests()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await notify(worker)).toMatchObject({ outcome: 'sent' });
    expect(await outboxResults()).toEqual(['sending', 'retry', 'sending', 'retry', 'sending', 'sent']);
  });

  it('lets other chats through while one is told to wait', async () => {
    const worker = startWorker();
    api.failNext({ status: 429, retryAfter: 600, chatId: '1001' });
    await failureOf(notify(worker));
    expect(
      await notify(worker, noticeOf(), { telegramId: '-1002', locale: 'en', timeZone: null }),
    ).toMatchObject({
      outcome: 'sent',
    });
  });

  it('is tried again after a server error', async () => {
    const worker = startWorker();
    api.failNext({ status: 503 });
    const failure = await failureOf(notify(worker));
    expect([failure.type, failure.details]).toEqual([failureTypes.messengerAway, [null]]);
    expect(await notify(worker)).toMatchObject({ outcome: 'sent' });
    expect(await outboxResults()).toEqual(['sending', 'retry', 'sending', 'sent']);
  });

  it('is tried again while Telegram cannot be reached at all', async () => {
    const worker = startWorker();
    await api.close();
    expect((await failureOf(notify(worker))).message).toContain('could not be reached');
    const { port, token } = api;
    api = await startBotApi({ port, token });
    expect(await notify(worker)).toMatchObject({ outcome: 'sent', detail: 'Delivered.' });
  });

  it('counts apart a delivery after an answer that was lost, the only way to a second copy', async () => {
    const worker = startWorker();
    api.failNext({ mode: 'reset' });
    expect((await failureOf(notify(worker))).message).toContain('may have been delivered');
    expect(await notify(worker)).toMatchObject({ outcome: 'sent' });
    expect(api.messages().map(({ answerLost }) => answerLost)).toEqual([true, false]);
    expect(await outboxResults()).toEqual(['sending', 'unknown', 'sending', 'maybe_duplicate']);
  });

  it('gives up on a server that hangs, and tries again', async () => {
    const worker = startWorker();
    api.failNext({ mode: 'hang' });
    expect((await failureOf(notify(worker))).message).toContain('no answer in time');
    expect(await notify(worker)).toMatchObject({ outcome: 'sent' });
  });

  it('counts apart a delivery after a worker that died in the middle of one', async () => {
    const outbox = openOutbox(join(home, 'outbox.jsonl'));
    const { noticeId, kind } = noticeOf();
    await outbox.append({ at: '', noticeId, kind, chatId: '1001', messageId: null, result: 'sending' });
    await notify(startWorker());
    expect(await outboxResults()).toEqual(['sending', 'sending', 'maybe_duplicate']);
  });

  it('tells whoever watches the worker when the bot is blocked, and does not try for ever', async () => {
    api.failNext({ status: 403 });
    const outcome = await notify(startWorker());
    expect(outcome).toMatchObject({ outcome: 'refused', messageId: null });
    expect(outcome.detail).toContain('blocked by the user');
    expect(shown.join('')).toContain('Check the DNS of the compose network.');
  });

  it('takes a chat that does not exist, and a wrong token, as refused', async () => {
    api.failNext({ status: 400 });
    expect((await notify(startWorker())).detail).toContain('chat not found');
    const { port } = api;
    const { token } = api;
    await api.close();
    api = await startBotApi({ port });
    const messenger = openTelegram({ token, apiRoot: api.root, timeoutMs: 1_000 });
    expect(await messenger.send({ chatId: '1', html: 'x', plain: 'x' })).toMatchObject({ kind: 'refused' });
  });

  it('follows a group to the id it has as a supergroup', async () => {
    const parameters = { migrate_to_chat_id: -1003940688311 };
    api.failNext({ status: 400, description: 'Bad Request: group chat was upgraded', parameters });
    await notify(startWorker());
    expect(api.messages()[0]?.chatId).toBe('-1003940688311');
  });

  it('sends plain text where Telegram cannot read the markup', async () => {
    const messenger = openTelegram({ token: api.token, apiRoot: api.root, timeoutMs: 1_000 });
    const result = await messenger.send({ chatId: '1', html: '<b>open', plain: 'closed' });
    expect(result).toEqual({ kind: 'sent', messageId: 1 });
    expect(api.messages()[0]).toMatchObject({ text: 'closed', html: false });
  });

  it('keeps the token out of every answer, whatever goes wrong', async () => {
    const texts: string[] = [];
    const send = async (apiRoot: string, token = api.token) => {
      const messenger = openTelegram({ token, apiRoot, timeoutMs: 500 });
      texts.push(JSON.stringify(await messenger.send({ chatId: '1', html: 'x', plain: 'x' })));
    };
    const rude = createServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n<html>')),
    );
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const { port } = rude.address() as { port: number };
    await send(`http://127.0.0.1:${port}`);
    api.failNext({ mode: 'reset' });
    await send(api.root);
    api.failNext({ mode: 'hang' });
    await send(api.root);
    api.failNext({ status: 400, description: `Bad Request: echo /bot${api.token}/sendMessage` });
    await send(api.root);
    await send('http://127.0.0.1:1');
    await send('http://no-such-host.invalid');
    await send('not a url');
    await send(api.root, 'a token with spaces');
    expect(texts).toHaveLength(8);
    for (const text of texts) {
      expect(text).not.toContain(api.token);
      expect(text).not.toContain(api.token.split(':')[1]);
      expect(text).not.toMatch(/a(%20| )token(%20| )with/);
    }
    await new Promise((resolve) => rude.close(resolve));
  });

  it('passes over an outbox line that a crash has torn', async () => {
    const { appendFile } = await import('node:fs/promises');
    await appendFile(join(home, 'outbox.jsonl'), '{"at":"2026-04-19T03:00:00Z","notic');
    await notify(startWorker());
    expect(await notify(startWorker())).toMatchObject({ outcome: 'already_sent' });
    expect(api.messages()).toHaveLength(1);
  });

  it('tells people even when the outbox cannot be written', async () => {
    const trouble: string[] = [];
    const outbox = openOutbox('/dev/null/outbox.jsonl', (message) => trouble.push(message));
    const worker = createNotify({
      messenger: openTelegram({ token: api.token, apiRoot: api.root, timeoutMs: 1_000 }),
      terminal: openTerminal(),
      recipients: async () => ({ recipients: [], source: 'seeds' }),
      ...{ locale: 'en', temporalUi: null, outbox, ...more },
    });
    await notify(worker);
    expect(await notify(worker)).toMatchObject({ outcome: 'already_sent' });
    expect(api.messages()).toHaveLength(1);
    expect(trouble[0]).toContain('takes no lines');
  });
});

describe('planNotice', () => {
  it('plans from the catalogue and says where that came from', async () => {
    const worker = startWorker([recipientOf({ isAdmin: true })]);
    const plan = await run(() => worker.planNotice({ notice: noticeOf() }));
    expect(plan).toMatchObject({ deliveries: [recipient], problem: null, source: 'database' });
  });

  it('leaves nobody untold: with no recipients at all the terminal shows the message', async () => {
    const worker = startWorker([]);
    const plan = await run(() => worker.planNotice({ notice: noticeOf() }));
    expect(plan.problem).toContain('telegram_users');
    const [delivery] = plan.deliveries;
    if (delivery === undefined) throw new Error('no delivery was planned');
    expect(
      await run(() => worker.deliverCard(cardOf(noticeOf(), { ...delivery, locale: 'en', timeZone: null }))),
    ).toMatchObject({
      outcome: 'sent',
    });
    expect(shown.join('')).toContain('🚨 momo-postgres · Escalated');
    expect(api.messages()).toHaveLength(0);
  });
});
