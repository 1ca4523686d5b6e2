import { condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Notice } from '../domain/message/notice.ts';
import { asNotice } from '../domain/message/notice-shape.ts';
import { nextStep } from '../domain/on-call/next-step.ts';
import { prune } from '../domain/on-call/prune.ts';
import { nobodyTold, pendingOf, type OnCallState } from '../domain/on-call/state.ts';
import {
  nextReminderMs,
  repeatTo,
  takeHandling,
  takeNotice,
  takeReminders,
} from '../domain/on-call/take-notice.ts';
import { rankOf } from '../domain/on-call/urgency.ts';
import { carryOut } from './on-call/carry-out.ts';
import {
  cardQuery,
  handledSignal,
  incidentQuery,
  muteSignal,
  pendingQuery,
  tellSignal,
  waitingQuery,
  type Handling,
} from './on-call/messages.ts';
import { thinking } from './proxies.ts';

/** Far below what Temporal keeps of a run. */
const eventsOfOneRun = 4000;

/**
 * Tells people, for the whole estate: one card for each incident and chat, changed in place; what needs a person
 * first and with sound; a storm as a digest; reminders until somebody takes it. It never ends.
 * @param carried what the run before knew, with what it had not yet looked at
 */
export async function OnCallWorkflow(
  carried: { state: OnCallState; arrived: Notice[] } = { state: nobodyTold(), arrived: [] },
): Promise<void> {
  const { state, arrived } = carried;
  const senders = new Map<string, Promise<void>>();
  /** Counts whatever may change what a chat is sent next. */
  let changes = 0;
  let closing = false;

  setHandler(tellSignal, (notice: unknown) => {
    const read = asNotice(notice);
    if (read !== null) arrived.push(read);
  });
  setHandler(handledSignal, (handling: Handling) => {
    if (typeof handling?.incidentId !== 'string' || typeof handling.by !== 'string') return;
    if (takeHandling(state, handling, Date.now())) changes += 1;
    startSenders();
  });
  setHandler(muteSignal, (muted: { chatId: string; untilMs: number }) => {
    if (typeof muted?.chatId === 'string' && Number.isFinite(muted.untilMs))
      state.muted[muted.chatId] = muted.untilMs;
  });
  setHandler(waitingQuery, () =>
    Object.values(state.incidents)
      .filter(({ waits }) => waits)
      .sort(
        (a, b) => rankOf(a.line.kind) - rankOf(b.line.kind) || a.line.severity.localeCompare(b.line.severity),
      )
      .map(({ line, handledBy }) => ({ ...line, handledBy })),
  );
  setHandler(pendingQuery, () => ({
    messages: pendingOf(state) + arrived.length,
    oldestMs: oldestOf(state),
  }));
  const known = (id: string) => state.incidents[id]?.notice ?? state.incidents[id]?.line ?? null;
  setHandler(incidentQuery, known);
  setHandler(cardQuery, ({ chatId, messageId }) => {
    const cards = Object.entries(state.chats[chatId]?.cards ?? {});
    const found = cards.find(([, card]) => card.messageId === messageId);
    return found === undefined ? null : known(found[0]);
  });

  function startSenders(): void {
    for (const chatId of Object.keys(state.chats)) {
      if (closing || senders.has(chatId)) continue;
      senders.set(
        chatId,
        sendAll(chatId).finally(() => senders.delete(chatId)),
      );
    }
  }

  /** One chat's messages, one after another, until there is none left: no chat holds up another. */
  async function sendAll(chatId: string): Promise<void> {
    for (;;) {
      const chat = state.chats[chatId];
      if (closing || chat === undefined) return;
      const step = nextStep(state, chat, Date.now());
      if (step.do === 'nothing') return;
      if (step.do === 'wait') {
        const seen = changes;
        const untilNext = Math.max(1, step.untilMs - Date.now());
        await condition(() => closing || changes !== seen, untilNext, {
          summary: `next message to ${chatId}`,
        });
        continue;
      }
      await carryOut(state, chat, step);
      // The group has become a supergroup, which has a sender of its own.
      if (state.chats[chatId] === undefined) startSenders();
    }
  }

  const isLong = (): boolean =>
    workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > eventsOfOneRun;
  startSenders();
  while (!isLong()) {
    const remindAtMs = nextReminderMs(state);
    const isWoken = (): boolean => arrived.length > 0 || isLong();
    if (remindAtMs === null) await condition(isWoken);
    else
      await condition(isWoken, Math.max(1, remindAtMs - Date.now()), { summary: 'until the next reminder' });
    while (arrived[0] !== undefined) {
      const [notice] = arrived;
      const summary = `who is told: ${notice.kind}`;
      const plan = await thinking.planNotice.executeWithOptions({ summary }, [{ notice: brief(notice) }]);
      state.settings = plan.settings;
      takeNotice(state, notice, plan.deliveries, Date.now());
      arrived.shift();
      changes += 1;
      prune(state);
      startSenders();
    }
    for (const { incidentId, notice, level } of takeReminders(state, Date.now())) {
      const plan = await thinking.planNotice.executeWithOptions({ summary: `reminder, level ${level}` }, [
        { notice: brief(notice), level },
      ]);
      repeatTo(state, incidentId, plan.deliveries, Date.now());
      changes += 1;
      startSenders();
    }
    setCurrentDetails(describe(state));
  }
  closing = true;
  await Promise.all(senders.values());
  await continueAsNew<typeof OnCallWorkflow>({ state, arrived });
}

const brief = ({ kind, severity }: Notice) => ({ kind, severity });

function oldestOf({ chats }: OnCallState): number | null {
  const times = Object.values(chats).flatMap(({ due }) => Object.values(due).map(({ sinceMs }) => sinceMs));
  return times.length === 0 ? null : Math.min(...times);
}

function describe(state: OnCallState): string {
  const waiting = Object.values(state.incidents).filter(({ waits }) => waits);
  const lines = waiting.map(
    ({ line }) => `- ${line.kind} · ${line.place} · ${line.errorType} · ${line.severity}`,
  );
  return [
    `${pendingOf(state)} message(s) to hand over. ${waiting.length} incident(s) wait for a person.`,
    ...lines.slice(0, 20),
  ].join('\n');
}
