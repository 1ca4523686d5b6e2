import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTelegramBot } from '../../activities/gateways/messaging/telegram-bot.ts';
import type { Recipient } from '../../domain/message/notice.ts';
import { readEstate } from '../../settings/read-estate.ts';
import { handleUpdate } from '../../workers/bot/handle-update.ts';
import { listen } from '../../workers/bot/listen.ts';
import type { TakenMessage } from '../support/bot-api.ts';
import { recipientOf } from '../support/notices.ts';
import { openHealWorld, until, type HealWorld } from '../workflows/heal-world.ts';

/** A person with a phone, a real bot and a real worker: by buttons and texts only. */

const group = '-1003940688311';
const alice = 1001;
let world: HealWorld;
let recipients: Recipient[];
const stopping = new AbortController();
const log: string[] = [];
let listening: Promise<number>;

beforeAll(async () => {
  world = await openHealWorld(['app-asked', 'app-left']);
  recipients = [
    recipientOf({ telegramId: String(alice), name: 'Alice', isAdmin: true, locale: 'en', minSeverity: 'P4' }),
  ];
  await world.rows(`INSERT INTO telegram_users (telegram_id, name, is_admin) VALUES ($1, 'Alice', true)`, [
    alice,
  ]);
  await world.rows(`UPDATE playbooks SET requires_approval = true WHERE name = 'container-exited'`);
  const bot = openTelegramBot({ token: world.botApi.token, apiRoot: world.botApi.root });
  const { client, taskQueue, lab } = world;
  const deps = {
    ...{ client, taskQueue, estate: readEstate(lab.estateFile), locale: 'en' as const },
    botName: () => 'autoheal_bot',
    recipients: async () => ({ recipients }),
    search: async () => ({ cases: [], problem: null }),
    join: async () => null,
  };
  const tell = (line: string): void => void log.push(line);
  listening = listen(bot, {
    handle: (update) => handleUpdate({ bot, deps, warn: tell, trouble: tell }, update),
    state: () => undefined,
    trouble: tell,
    stopping: stopping.signal,
  });
});
afterAll(async () => {
  stopping.abort();
  await listening;
  await world.close();
});

const cardOf = (chatId: string, incidentId: string): TakenMessage | undefined =>
  world.botApi.chat(chatId).findLast(({ text }) => text.includes(`Incident: ${incidentId}`));
const popUps = (): unknown[] => world.botApi.calls('answerCallbackQuery').map(({ body }) => body['text']);
const popUpAfter = async (press: () => void): Promise<unknown> => {
  const before = popUps().length;
  press();
  await until(async () => popUps().length > before, 20);
  return popUps().at(-1);
};

it('goes from a failure to an approved restart by a button, and the card says who', async () => {
  world.lab.container('app-asked').kill();
  const { incidentId } = await world.open({
    source: 'alertmanager',
    target: 'app-asked',
    error: { message: 'container app-asked exited with code 1' },
  });
  const asked = await until(async () => cardOf(group, incidentId) ?? null, 50);
  expect(asked.text).toMatch(/^✋ app-asked · Approval needed/);
  expect(asked.silent).toBe(false);
  const approve = asked.buttons['✅ Approve'] ?? '';
  // A stranger in the group, and a button that was copied under another message.
  expect(await popUpAfter(() => world.botApi.press({ id: 5555 }, approve, asked))).toContain('Yours is 5555');
  const foreign = { chatId: group, messageId: 999_999 };
  expect(await popUpAfter(() => world.botApi.press({ id: alice }, approve, foreign))).toContain(
    'out of date',
  );
  const forged = approve.replace(/:[^:]*$/, ':guessed');
  expect(await popUpAfter(() => world.botApi.press({ id: alice }, forged, asked))).toContain('Not taken');
  expect(world.restartsOf('app-asked')).toBe(0);
  const began = Date.now();
  // What came of it, or that it is being done where that takes longer than a second.
  expect(['Taken: approved.', '…']).toContain(
    await popUpAfter(() => world.botApi.press({ id: alice }, approve, asked)),
  );
  expect(Date.now() - began).toBeLessThan(3000);
  await until(async () => cardOf(group, incidentId)?.text.startsWith('✅ app-asked · Resolved') ?? false, 50);
  expect(world.restartsOf('app-asked')).toBe(1);
  const card = cardOf(group, incidentId);
  expect([card?.messageId, card?.text]).toEqual([
    asked.messageId,
    expect.stringContaining('Decided by: ✅ Alice'),
  ]);
  expect(card?.buttons).not.toHaveProperty('✅ Approve');
  // Pressed again, by an old card that is still on somebody's screen.
  expect(await popUpAfter(() => world.botApi.press({ id: alice }, approve, asked))).toContain('Not taken');
  expect(world.restartsOf('app-asked')).toBe(1);
  expect(log.filter((line) => line.startsWith('A button was refused'))).toHaveLength(4);
});

it('keeps what needs a person on the list until somebody takes it, and says who', async () => {
  const { incidentId } = await world.open({
    source: 'task',
    target: 'app-left',
    error: { message: 'FATAL: password authentication failed for user "momo"' },
  });
  const told = await until(async () => {
    const card = cardOf(group, incidentId);
    return card?.text.startsWith('🔔 app-left · Needs a person') === true ? card : null;
  }, 100);
  const heard = async (text: string): Promise<string> => {
    const before = world.botApi.messages().length;
    world.botApi.say({ id: alice, name: 'Alice' }, text);
    const answer = await until(
      async () =>
        world.botApi
          .messages()
          .slice(before)
          .find(({ chatId }) => chatId === String(alice)) ?? null,
      20,
    );
    return answer.text;
  };
  expect(await heard('/incidents')).toMatch(/^Waiting for a person: 1\n[^]*🔔 Needs a person · app-left/);
  const take = told.buttons['👤 I take it'] ?? '';
  expect(await popUpAfter(() => world.botApi.press({ id: alice, name: 'Alice' }, take, told))).toContain(
    'It is yours',
  );
  for (const chat of [group, String(alice)])
    await until(async () => cardOf(chat, incidentId)?.text.includes('Taken over by: Alice') ?? false, 50);
  expect(await heard('/incidents')).not.toContain('app-left');
  const done = cardOf(group, incidentId)?.buttons['✔️ Resolved by hand'] ?? '';
  expect(await popUpAfter(() => world.botApi.press({ id: alice, name: 'Alice' }, done, told))).toContain(
    'resolved by hand',
  );
  await until(
    async () => cardOf(group, incidentId)?.text.includes('Resolved by hand, says Alice') ?? false,
    50,
  );
});

it('answers others while one answer hangs, and says it once a 429 is over', async () => {
  world.botApi.failNext({ mode: 'hang', chatId: '4001', method: 'sendMessage' });
  world.botApi.failNext({ status: 429, retryAfter: 1, chatId: '4002', method: 'sendMessage' });
  for (const id of [4001, 4002, 4003]) world.botApi.say({ id }, '/help');
  const answered = (id: number) => world.botApi.messages().some(({ chatId }) => chatId === String(id));
  await until(async () => answered(4003), 20);
  expect(answered(4002)).toBe(false);
  await until(async () => answered(4002), 50);
  expect(answered(4001)).toBe(false);
});
