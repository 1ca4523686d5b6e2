import { beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../domain/message/deliveries.ts';
import type { Notice } from '../../../domain/message/notice.ts';
import { nextStep, stepDone, stepFailed, type Step } from '../../../domain/on-call/next-step.ts';
import { prune } from '../../../domain/on-call/prune.ts';
import { nobodyTold, pendingOf, type OnCallState } from '../../../domain/on-call/state.ts';
import {
  nextReminderMs,
  repeatTo,
  takeHandling,
  takeNotice,
  takeReminders,
} from '../../../domain/on-call/take-notice.ts';
import { noticeOf } from '../../support/notices.ts';

const alice: Delivery = { telegramId: '1001', locale: 'en', timeZone: null };
const group: Delivery = { telegramId: '-1001', locale: 'en', timeZone: null };
const minuteMs = 60_000;

let state: OnCallState;
let now: number;
let made: number;
beforeEach(() => {
  state = nobodyTold();
  now = Date.parse('2026-04-19T03:00:00Z');
  made = 0;
});

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const tell = (number: number, kind: Notice['kind'], more: Partial<Notice> = {}, to = [alice]): void =>
  takeNotice(
    state,
    noticeOf({ incidentId: idOf(number), noticeId: `${idOf(number)}/${kind}`, kind, ...more }),
    to,
    now,
  );

interface Sent {
  step: Exclude<Step, { do: 'wait' | 'nothing' }>;
  atMs: number;
  kind: Notice['kind'] | null;
}
/** Sends what a chat is due, as Telegram would take it, until `untilMs`. */
function run(chatId = alice.telegramId, untilMs = now): Sent[] {
  const sent: Sent[] = [];
  for (;;) {
    const chat = state.chats[chatId];
    if (chat === undefined) return sent;
    const step = nextStep(state, chat, now);
    if (step.do === 'nothing' || (step.do === 'wait' && step.untilMs > untilMs)) {
      now = Math.max(now, untilMs);
      return sent;
    }
    if (step.do === 'wait') {
      expect(step.untilMs).toBeGreaterThan(now);
      now = step.untilMs;
      continue;
    }
    const told = 'incidentId' in step ? state.incidents[step.incidentId] : undefined;
    sent.push({ step, atMs: now, kind: told?.line.kind ?? null });
    const messageId = 'messageId' in step && step.messageId !== null ? step.messageId : (made += 1);
    stepDone(state, chat, { step, messageId, revision: told?.revision ?? 0 }, now);
  }
}
const seen = (sent: readonly Sent[]): string[] =>
  sent.map(({ step, kind }) =>
    `${step.do} ${kind ?? ''}${'silent' in step && step.silent ? ' silently' : ''}`.trim(),
  );

describe('a card', () => {
  it('is one for each incident, changed in place without a sound', () => {
    tell(1, 'waiting');
    expect(seen(run())).toEqual(['send waiting silently']);
    tell(1, 'resolved');
    expect(run().map(({ step }) => step)).toEqual([{ do: 'edit', incidentId: idOf(1), messageId: 1 }]);
    expect(run()).toEqual([]);
  });

  it('gives way to a message of its own where a person is needed, and loses its buttons', () => {
    tell(1, 'waiting');
    run();
    tell(1, 'escalated');
    expect(seen(run())).toEqual(['send escalated', 'retire escalated']);
    tell(1, 'acknowledged', { acknowledgedBy: 'Alice' });
    // It is an escalation still, that somebody took.
    expect(seen(run(alice.telegramId, now + 2000))).toEqual(['edit escalated']);
  });

  it('shows what is so now: nothing that was settled is asked for any more', () => {
    tell(1, 'approval', { nonce: 'n0nce' });
    const chat = state.chats[alice.telegramId];
    if (chat === undefined) throw new Error('no chat');
    // Telegram is away, and somebody decides by another way meanwhile.
    for (let tries = 0; tries < 8; tries += 1) {
      stepFailed(chat, null, now);
      now = chat.retryAtMs;
    }
    tell(1, 'decided', { decidedBy: '✅ Alice' });
    expect(run()).toEqual([]);
    tell(1, 'resolved');
    expect(seen(run())).toEqual(['send resolved silently']);
  });

  it('waits for as long as Telegram asks, and longer from one failure to the next', () => {
    tell(1, 'escalated');
    const chat = state.chats[alice.telegramId];
    if (chat === undefined) throw new Error('no chat');
    stepFailed(chat, 7000, now);
    expect(nextStep(state, chat, now)).toEqual({ do: 'wait', untilMs: now + 7000 });
    const pauses = Array.from({ length: 9 }, () => {
      stepFailed(chat, null, now);
      return chat.retryAtMs - now;
    });
    expect(pauses[0]).toBe(2000);
    expect(pauses.at(-1)).toBe(minuteMs);
  });
});

describe('what needs a person', () => {
  it('goes ahead of everything that is queued', () => {
    for (let number = 1; number <= 3; number += 1) tell(number, 'resolved');
    tell(8, 'escalated');
    tell(9, 'approval', { nonce: 'n0nce' });
    expect(seen(run()).slice(0, 2)).toEqual(['send approval', 'send escalated']);
  });

  it('stays on the list until somebody takes or resolves it', () => {
    tell(1, 'escalated');
    tell(2, 'alerted');
    tell(3, 'resolved');
    const waiting = () =>
      Object.values(state.incidents).flatMap(({ waits, line }) => (waits ? [line.incidentId] : []));
    expect(waiting()).toEqual([idOf(1), idOf(2)]);
    expect(takeHandling(state, { incidentId: idOf(1), by: 'Alice', note: null }, now)).toBe(true);
    expect(takeHandling(state, { incidentId: idOf(2), by: 'Alice', note: 'disk cleaned' }, now)).toBe(true);
    expect(takeHandling(state, { incidentId: idOf(7), by: 'Alice', note: null }, now)).toBe(false);
    expect(waiting()).toEqual([]);
    expect(state.incidents[idOf(2)]?.notice?.resolvedByHand).toEqual({ by: 'Alice', note: 'disk cleaned' });
  });

  it('is said again, six times at most, and to the second level, until somebody takes it', () => {
    const second: Delivery = { telegramId: '2002', locale: 'en', timeZone: null };
    tell(1, 'escalated', { severity: 'P1' });
    tell(2, 'escalated', { severity: 'P3' });
    run();
    const due: [number, 1 | 2][] = [];
    const began = now;
    for (let next = nextReminderMs(state); next !== null && due.length < 20; next = nextReminderMs(state)) {
      now = next;
      for (const { incidentId, level } of takeReminders(state, now)) {
        expect(incidentId).toBe(idOf(1));
        due.push([(now - began) / minuteMs, level]);
        repeatTo(state, incidentId, level === 2 ? [second] : [alice], now);
      }
      run();
      run(second.telegramId);
    }
    expect(due).toEqual([
      [15, 2],
      [30, 1],
      [60, 1],
      [90, 1],
      [120, 1],
      [150, 1],
      [180, 1],
    ]);
  });

  it('is not repeated once it is taken', () => {
    tell(1, 'escalated', { severity: 'P1' });
    run();
    takeHandling(state, { incidentId: idOf(1), by: 'Alice', note: null }, now);
    expect(nextReminderMs(state)).toBeNull();
    // Taken while it was still open: it escalates all the same, and is not repeated.
    tell(2, 'waiting', { severity: 'P1' });
    tell(2, 'acknowledged', { severity: 'P1', acknowledgedBy: 'Alice' });
    tell(2, 'escalated', { severity: 'P1', acknowledgedBy: 'Alice' });
    expect(nextReminderMs(state)).toBeNull();
  });
});

describe('a storm', () => {
  it.each([
    ['a private chat', alice],
    ['a group', group],
  ])(
    'of 50 incidents in a minute is five messages at most in %s, and an approval comes through',
    (_, chat) => {
      const sent: Sent[] = [];
      for (let number = 1; number <= 50; number += 1) {
        tell(number, number % 5 === 0 ? 'escalated' : 'alerted', {}, [chat]);
        sent.push(...run(chat.telegramId, now + 1200));
        if (number === 25) {
          tell(99, 'approval', { nonce: 'n0nce' }, [chat]);
          const asked = now;
          const approval = run(chat.telegramId, now + 5000).find(({ kind }) => kind === 'approval');
          expect((approval?.atMs ?? Infinity) - asked).toBeLessThanOrEqual(5000);
        }
      }
      const messages = sent.filter(
        ({ step }) => step.do === 'send' || (step.do === 'digest' && step.messageId === null),
      );
      expect(messages.length).toBeLessThanOrEqual(5);
      const digests = sent.filter(({ step }) => step.do === 'digest');
      expect(digests.length).toBeGreaterThan(1);
      // An escalation in it is said with sound.
      expect(
        digests.some(({ step }) => step.do === 'digest' && step.messageId === null && !step.silent),
      ).toBe(true);
      run(chat.telegramId, now + 5 * minuteMs);
      expect(pendingOf(state)).toBe(0);
      expect(state.chats[chat.telegramId]?.digest?.incidentIds.length).toBeGreaterThanOrEqual(47);
    },
  );

  it('is over when nothing has changed for ten minutes', () => {
    for (let number = 1; number <= 10; number += 1) tell(number, 'resolved');
    run(alice.telegramId, now + minuteMs);
    expect(state.chats[alice.telegramId]?.digest).not.toBeNull();
    now += 11 * minuteMs;
    tell(20, 'resolved');
    expect(seen(run())).toEqual(['send resolved silently']);
  });

  it('keeps to what Telegram takes in a group', () => {
    state.settings = { ...state.settings, digestAfter: 1000 };
    for (let number = 1; number <= 60; number += 1) tell(number, 'alerted', {}, [group]);
    const sent = run(group.telegramId, now + 10 * minuteMs);
    expect(sent).toHaveLength(60);
    for (const { atMs } of sent)
      expect(sent.filter((one) => one.atMs >= atMs && one.atMs < atMs + minuteMs).length).toBeLessThanOrEqual(
        20,
      );
  });
});

it('what is carried to the next run stays small, and keeps what waits', () => {
  const long = 'x'.repeat(4000);
  for (let number = 1; number <= 1000; number += 1) {
    tell(number, number % 100 === 0 ? 'escalated' : 'resolved', {
      message: long,
      output: long,
      reason: long,
    });
    prune(state);
    now += 100;
    run();
  }
  expect(JSON.stringify(state).length).toBeLessThan(1_500_000);
  expect(Object.values(state.incidents).filter(({ waits }) => waits)).toHaveLength(10);
  expect(state.chats[alice.telegramId]?.digest?.forgotten).toBeGreaterThan(500);
});
