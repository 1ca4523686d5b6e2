import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import { onCallWorkflowId } from '../../domain/workflow-ids.ts';
import { pendingQuery } from '../../workflows/on-call/messages.ts';
import { peopleTold } from '../support/people-told.ts';
import { openWorld, type World } from '../support/world.ts';
import { heal, resultOf, send, until } from './reports.ts';

const admin = '-1003940688311';
const reader = '700100';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.rows(
    `INSERT INTO telegram_users (telegram_id, name, is_admin) VALUES (${reader}, 'reader', false)`,
  );
  await world.rows('UPDATE playbooks SET cooldown_min = 0');
});
beforeEach(() => world.botApi.clearFaults());
afterAll(() => world?.close());

const expired = (words: string): Report => ({
  source: 'cli',
  error: { message: `certificate has expired: ${words}` },
});
const chatsTold = (incidentId: string): string[] =>
  world.botApi
    .messages()
    .filter(({ text }) => text.includes(incidentId))
    .map(({ chatId }) => chatId)
    .sort();

it.each([
  ['asks for patience (429)', { status: 429, retryAfter: 1, times: 2 }],
  ['is out of order (500)', { status: 500, times: 2 }],
  ['is behind a broken proxy (502)', { status: 502, times: 2 }],
])('tells everybody once, later, while Telegram %s', async (what, fault) => {
  world.botApi.failNext(fault);
  const result = await heal(world, expired(what));
  expect(chatsTold(result.incidentId)).toEqual([admin, reader]);
});

it('is over, with its records written, while Telegram hangs for one recipient, and tells the other', async () => {
  world.botApi.failNext({ mode: 'hang', chatId: admin, times: 1 });
  const sent = await send(world, expired('a chat that hangs'));
  const handle = world.client.workflow.getHandle(sent.workflowId, sent.runId);
  await handle.result();
  await until('the other one is told', () => chatsTold(sent.runId).length === 1, 8000);
  expect(chatsTold(sent.runId)).toEqual([reader]);
  const onCall = world.client.workflow.getHandle(onCallWorkflowId);
  expect(await onCall.query(pendingQuery)).toMatchObject({
    messages: 1,
    oldestMs: expect.any(Number) as number,
  });
  const result = await resultOf(world, sent);
  expect(chatsTold(result.incidentId)).toEqual([admin, reader]);
});

it('goes on without a recipient that has blocked the bot', async () => {
  world.botApi.failNext({ status: 403, chatId: reader, times: Infinity });
  const result = await heal(world, expired('a reader who left'));
  expect(chatsTold(result.incidentId)).toEqual([admin]);
});

it('tells twice only where Telegram took the message and its answer was lost', async () => {
  world.botApi.failNext({ mode: 'reset', chatId: admin, times: 1 });
  const result = await heal(world, expired('an answer that was lost'));
  expect(chatsTold(result.incidentId)).toEqual([admin, admin, reader]);
  const copies = world.botApi.messages().filter(({ text }) => text.includes(result.incidentId));
  expect(copies.filter(({ answerLost }) => answerLost)).toHaveLength(1);
});

it('tells of each incident of a failure once, though Telegram was away for both', async () => {
  world.botApi.failNext({ status: 500, times: 8 });
  const ids = [];
  for (const _ of [1, 2]) {
    const sent = await send(world, expired('again and again'));
    await world.client.workflow.getHandle(sent.workflowId, sent.runId).result();
    ids.push(sent.runId);
  }
  await peopleTold(world);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(chatsTold(id)).toEqual([admin, reader]);
});
