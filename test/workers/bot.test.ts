import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Recipient } from '../../domain/notice.ts';
import { readEstate } from '../../files/read-estate.ts';
import { answerMessage, type BotDeps, type BotMessage } from '../../workers/bot/answer.ts';
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
    recipients: async () => ({ recipients }),
  };
});
afterAll(() => world.close());

const say = (text: string, more: Partial<BotMessage> = {}): Promise<string | null> =>
  answerMessage(deps, { text, fromId: '1', fromName: 'ada', chatId: '1', sentAtMs: Date.now(), ...more });

it('listens to active admins only, and tells others their id', async () => {
  expect(await say('/pause 2h because', { fromId: '2', chatId: '2' })).toContain('Your id is 2');
  expect(await say('/incidents', { fromId: '99', chatId: '99' })).toContain('Your id is 99');
  expect(await say('/resume')).toContain('was not paused');
});

it('listens to anyone in a group that is an admin itself', async () => {
  expect(await say('/help@autoheal_bot', { fromId: '99', chatId: '-100' })).toContain('/approve ID CODE');
});

it('says nothing to what is no command', async () => {
  expect(await say('good morning')).toBeNull();
  expect(await say('/constructor')).toBeNull();
});

it('does not do what was wanted ten minutes ago', async () => {
  expect(await say('/pause 2h because', { sentAtMs: Date.now() - 3_600_000 })).toContain(
    'more than 10 minutes ago',
  );
  expect(await say('/resume')).toContain('was not paused');
});

it('pauses a target once, and lifts the pause', async () => {
  expect(await say('/pause target:momo-web 2h moving its volume')).toMatch(
    /^Paused: target momo-web, until /,
  );
  expect(await say('/pause target:momo-web 1h again')).toContain('is paused by Ada (Telegram 1) already');
  expect(await say('/resume target:momo-web', { fromId: '3' })).toBe('已恢復自動修復:target momo-web。');
  expect(await say('/pause target:momo-moon 1h x')).toBe('momo-moon is not in the estate file.');
  expect(await say('/pause 2h')).toContain('Say for how long and why');
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
