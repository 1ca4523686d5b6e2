import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Recipient } from '../../domain/message/notice.ts';
import { readEstate } from '../../settings/read-estate.ts';
import { answerMessage, type BotMessage } from '../../workers/bot/answer.ts';
import type { BotDeps } from '../../workers/bot/asked.ts';
import { recipientOf } from '../support/notices.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let deps: BotDeps;
const recipients: Recipient[] = [
  recipientOf({ telegramId: '1', name: 'Ada', isAdmin: true, locale: 'en' }),
  recipientOf({ telegramId: '2', name: 'Bob' }),
  recipientOf({ telegramId: '3', name: '小美', isAdmin: true, locale: 'zh-TW' }),
  recipientOf({ telegramId: '-100', name: 'on-call', isAdmin: true, locale: 'en' }),
];
beforeAll(async () => {
  world = await openWorld();
  const { client, taskQueue, lab } = world;
  deps = {
    client,
    taskQueue,
    estate: readEstate(lab.estateFile),
    locale: 'en',
    botName: () => 'autoheal_bot',
    search: async () => ({ cases: [], problem: null }),
    join: async () => null,
    recipients: async () => ({ recipients }),
  };
});
afterAll(() => world.close());

const say = (text: string, more: Partial<BotMessage> = {}): Promise<string | null> =>
  answerMessage(deps, {
    text,
    fromId: '1',
    fromName: 'ada',
    senderChatId: null,
    chatId: '1',
    sentAtMs: Date.now(),
    ...more,
  });

it('listens to active admins only, and tells others their id', async () => {
  expect(await say('/pause estate 2h because', { fromId: '2', chatId: '2' })).toContain('Yours is 2');
  expect(await say('/incidents', { fromId: '99', chatId: '99' })).toContain('Yours is 99');
  expect(await say('/resume estate')).toContain('was not paused');
});

it('listens to a person, not to the group where it is said', async () => {
  const inGroup = { chatId: '-100' };
  expect(await say('/help@AutoHeal_Bot', inGroup)).toContain('/approve ID CODE');
  for (const command of [
    '/pause estate 2h because',
    '/ack 00000000-0000-4000-8000-000000000000',
    '/resume estate',
  ])
    expect(await say(command, { ...inGroup, fromId: '99' })).toContain('each by their own Telegram id');
  // An admin who stays anonymous speaks as the group, and a channel as itself.
  for (const senderChatId of ['-100', '-100777'])
    expect(
      await say('/pause estate 2h because', { ...inGroup, fromId: '1087968824', senderChatId }),
    ).toContain('Anonymous admins and channels decide nothing');
  // Not even where a row has the id that Telegram gives the anonymous.
  expect(await say('/pause estate 2h x', { ...inGroup, fromId: '1', senderChatId: '-100' })).toContain(
    'Anonymous',
  );
  expect(await say('/resume estate')).toContain('was not paused');
});

it('leaves commands for another bot to it', async () => {
  expect(await say('/pause@othermon_bot estate 2h nightly backup window', { chatId: '-100' })).toBeNull();
  expect(await say('/help@autoheal_bot_2', { chatId: '-100' })).toBeNull();
  expect(await say('/resume estate')).toContain('was not paused');
});

it('changes nothing where a word is not read, and shows the form', async () => {
  expect(await say('/pause estate 2h maintenance')).toMatch(/^Paused: the estate/);
  for (const wrong of [
    '/resume momo-web',
    '/resume target:momo-moon',
    '/resume',
    '/resume target:momo-web now',
  ])
    expect(await say(wrong)).toContain('nothing was changed. Write it like this:\n/resume target:NAME');
  expect(await say('/pause estate 2h again')).toContain('is paused by');
  expect(await say('/Resume Estate')).toBe('Healing goes on: the estate.');
  for (const wrong of [
    '/pause 90m target:momo-web deploy',
    '/pause momo-web 2h deploy',
    '/pause target:momo-web 2h',
    '/pause host:nowhere 2h x',
  ])
    expect(await say(wrong)).toContain('nothing was changed. Write it like this:\n/pause target:NAME');
  expect(await say('/resume estate')).toContain('was not paused');
  expect(await say('/pause Host:Ollama-188 2H disk')).toMatch(/^Paused: host ollama-188/);
  expect(await say('/resume HOST:ollama-188')).toBe('Healing goes on: host ollama-188.');
});

it('says nothing to what is no command', async () => {
  expect(await say('good morning')).toBeNull();
  expect(await say('/constructor')).toBeNull();
});

it('does not do what was wanted ten minutes ago', async () => {
  expect(await say('/pause estate 2h because', { sentAtMs: Date.now() - 3_600_000 })).toContain(
    'more than 10 minutes ago',
  );
  expect(await say('/resume estate')).toContain('was not paused');
});

it('pauses a target once, and lifts the pause', async () => {
  expect(await say('/pause target:momo-web 2h moving its volume')).toMatch(
    /^Paused: target momo-web, until /,
  );
  expect(await say('/pause target:momo-web 1h again')).toContain('is paused by Ada (Telegram 1) already');
  expect(await say('/resume target:momo-web', { fromId: '3' })).toBe('已恢復自動修復：容器 momo-web。');
  expect(await say('/pause target:momo-moon 1h x')).toContain('momo-moon is not in the estate file');
});

it('hands decisions to the incident, which says whether they count', async () => {
  expect(await say('/approve')).toContain('/approve ID CODE');
  expect(await say('/approve 00000000-0000-4000-8000-000000000000 code')).toContain(
    'Not taken: there is no incident',
  );
});

it('lists what is open', async () => {
  expect(await say('/incidents')).toBe('No incident is open.');
  const report = {
    source: 'api',
    error: { message: 'could not translate host name "gone" to address: Name or service not known' },
  };
  await world.client.workflow.start('HealWorkflow', {
    workflowId: 'front',
    taskQueue: world.taskQueue,
    args: [report],
  });
  await expect.poll(() => say('/incidents'), { timeout: 30_000 }).toContain('DNS_FAIL');
});
