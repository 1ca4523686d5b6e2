import type { Delivery } from '../message/deliveries.ts';
import type { Notice } from '../message/notice.ts';
import { newChat, type OnCallState, type Told } from './state.ts';
import { onlyEdits, waitsForPerson } from './urgency.ts';

const minuteMs = 60_000;
/** Reminders of one escalation at most. */
export const remindersAtMost = 6;

/** Texts of a notice that is kept: a card has 4096 units in all. */
const longest = { message: 2000, output: 1500, line: 600, lines: 12 };

/** The end of a long text says what broke, as often as its beginning. */
const bothEnds = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most / 2)}…${text.slice(-most / 2)}`;

/** The newest state of an incident, for the chats that are to be told of it. */
export function takeNotice(state: OnCallState, notice: Notice, to: readonly Delivery[], nowMs: number): void {
  const before = state.incidents[notice.incidentId];
  if (onlyEdits(notice.kind) && before === undefined) return;
  const after = told(before, notice, state, nowMs);
  state.incidents[notice.incidentId] = after;
  const known = Object.values(state.chats).filter(({ cards }) => notice.incidentId in cards);
  const chats = onlyEdits(notice.kind) ? known : [...known, ...to];
  for (const { telegramId, locale, timeZone } of chats) {
    const chat = (state.chats[telegramId] ??= newChat({ telegramId, locale, timeZone }));
    Object.assign(chat, { locale, timeZone });
    show(chat, notice.incidentId, nowMs);
  }
}

function show(chat: OnCallState['chats'][string], incidentId: string, nowMs: number, anew = false): void {
  if (chat.digest?.incidentIds.includes(incidentId) === true && !anew) {
    chat.digest.changedAtMs = nowMs;
  }
  const due = chat.due[incidentId];
  chat.due[incidentId] = { sinceMs: due?.sinceMs ?? nowMs, anew: anew || due?.anew === true };
}

function told(before: Told | undefined, notice: Notice, state: OnCallState, nowMs: number): Told {
  const { repeatMin, escalateAfterMin } = state.settings;
  // What changes a card only leaves it the kind that it has.
  const kept = onlyEdits(notice.kind) && before !== undefined ? before.line.kind : notice.kind;
  const isDecided = notice.kind === 'decided';
  const kind = isDecided ? 'decided' : kept;
  const waits = waitsForPerson(kind);
  const handledBy = notice.acknowledgedBy ?? before?.handledBy ?? null;
  const urgent = kind === 'escalated' && (notice.severity === 'P1' || notice.severity === 'P2');
  const repeats = urgent && handledBy === null;
  return {
    notice: bounded({ ...notice, kind, acknowledgedBy: handledBy }),
    line: {
      incidentId: notice.incidentId,
      kind,
      severity: notice.severity,
      errorType: notice.errorType,
      place: notice.target ?? notice.task ?? notice.host ?? '',
      since: notice.failedAt ?? before?.line.since ?? new Date(nowMs).toISOString(),
      workflowId: notice.workflowId,
    },
    revision: (before?.revision ?? 0) + 1,
    updatedAtMs: nowMs,
    waits: waits && (handledBy === null || kind === 'approval'),
    handledBy,
    reminders: before?.reminders ?? 0,
    remindAtMs: repeats ? (before?.remindAtMs ?? nowMs + repeatMin * minuteMs) : null,
    secondLevelAtMs: repeats ? (before?.secondLevelAtMs ?? nowMs + escalateAfterMin * minuteMs) : null,
  };
}

function bounded(notice: Notice): Notice {
  const lines = (all: readonly string[]): string[] =>
    all.slice(-longest.lines).map((line) => bothEnds(line, longest.line));
  const { message, output } = notice;
  return {
    ...notice,
    // An error's own words are mostly at its end.
    message: bothEnds(message, longest.message),
    output: output === null ? null : output.slice(-longest.output),
    tried: lines(notice.tried),
    similar: lines(notice.similar),
    reason: notice.reason.slice(0, 600),
  };
}

/** A person took it over, or says that it is done, after its run had ended. @returns false where it is not known here */
export function takeHandling(
  state: OnCallState,
  { incidentId, by, note }: { incidentId: string; by: string; note: string | null },
  nowMs: number,
): boolean {
  const known = state.incidents[incidentId];
  if (known === undefined) return false;
  known.handledBy = by;
  known.waits = false;
  known.remindAtMs = null;
  known.secondLevelAtMs = null;
  known.revision += 1;
  known.updatedAtMs = nowMs;
  if (known.notice !== null) {
    known.notice.acknowledgedBy = by;
    if (note !== null) known.notice.resolvedByHand = { by, note };
  }
  for (const chat of Object.values(state.chats)) {
    const inDigest = chat.digest?.incidentIds.includes(incidentId) === true;
    if (incidentId in chat.cards || inDigest || incidentId in chat.due) show(chat, incidentId, nowMs);
  }
  return true;
}

/** What is due to be said again: reminders, and what nobody took until the second level has to know. */
export function takeReminders(
  state: OnCallState,
  nowMs: number,
): { incidentId: string; notice: Notice; level: 1 | 2 }[] {
  const due: { incidentId: string; notice: Notice; level: 1 | 2 }[] = [];
  for (const [incidentId, one] of Object.entries(state.incidents)) {
    if (one.notice === null) {
      // Only a line is left of it: there is nothing to say anew.
      one.remindAtMs = null;
      one.secondLevelAtMs = null;
      continue;
    }
    if (one.secondLevelAtMs !== null && one.secondLevelAtMs <= nowMs) {
      one.secondLevelAtMs = Number.MAX_SAFE_INTEGER;
      due.push({ incidentId, notice: one.notice, level: 2 });
    }
    if (one.remindAtMs !== null && one.remindAtMs <= nowMs) {
      one.reminders += 1;
      one.remindAtMs = one.reminders >= remindersAtMost ? null : nowMs + state.settings.repeatMin * minuteMs;
      one.notice.reminder = one.reminders;
      one.revision += 1;
      due.push({ incidentId, notice: one.notice, level: 1 });
    }
  }
  return due;
}

/** Says it anew, with sound, to these chats. */
export function repeatTo(
  state: OnCallState,
  incidentId: string,
  to: readonly Delivery[],
  nowMs: number,
): void {
  for (const delivery of to) {
    const chat = (state.chats[delivery.telegramId] ??= newChat(delivery));
    show(chat, incidentId, nowMs, true);
  }
}

/** When the next reminder is due, in ms; null where none is. */
export function nextReminderMs({ incidents }: OnCallState): number | null {
  const times = Object.values(incidents)
    .flatMap(({ remindAtMs, secondLevelAtMs }) => [remindAtMs, secondLevelAtMs])
    .filter((at) => at !== null && at < Number.MAX_SAFE_INTEGER);
  return times.length === 0 ? null : Math.min(...(times as number[]));
}
