import { wordsOf } from '../../../domain/message/words.ts';
import type { TakenMessage } from '../../support/bot-api.ts';
import type { Evidence, Found, IncidentRow } from './evidence.ts';
import { groupBy } from './groups.ts';

/** How long a worker that was killed may have had an answer in its hands without having noted it. */
const answerInHandMs = 3000;

/** How long after its sender's death a message may still be on its way, before it is taken. */
const onItsWayMs = 500;

const { title, incident: incidentWord } = wordsOf('en');

/**
 * Everybody is told how each incident ended, and when a long wait begins, unless it is over by then: once. A message may be there twice only
 * where the answer to the first one was lost, on the way or with the worker that waited for it: counted apart.
 */
export function auditMessages(
  evidence: Evidence,
): Found<'lostMessages' | 'duplicateMessages' | 'duplicatesAfterLostAnswer'> {
  const counts = { lostMessages: 0, duplicateMessages: 0, duplicatesAfterLostAnswer: 0 };
  const findings: string[] = [];
  const taken = groupBy(evidence.messages, (message) => `${message.chatId} ${subjectOf(message)}`);
  const waits = { told: 0, replaced: 0 };
  for (const incident of evidence.records.incidents) {
    for (const kind of kindsOwed(evidence, incident)) {
      for (const chat of evidence.chats) {
        const has = (what: string): boolean => taken.has(`${chat} ${incident.id} ${what}`);
        if (has(kind)) {
          if (kind === 'waiting') waits.told += 1;
          continue;
        }
        // What is over when it could be sent is not sent any more: the card says how it ended.
        if (kind === 'waiting' && has(incident.status)) {
          waits.replaced += 1;
          continue;
        }
        counts.lostMessages += 1;
        findings.push(
          `${incident.case ?? 'no case'}, incident ${incident.id}: chat ${chat} never got "${kind}"`,
        );
      }
    }
  }
  if (waits.replaced > Math.max(10, waits.told)) {
    counts.lostMessages += waits.replaced;
    findings.push(
      `most waits were told only when they were over: ${waits.replaced}, and ${waits.told} in time`,
    );
  }
  for (const [subject, all] of taken) {
    // A card that is changed is no second message.
    const copies = all.filter(({ edited }) => !edited);
    if (copies.length === 0) continue;
    const excused = copies
      .slice(0, -1)
      .filter((copy) => answerWasLost(copy, evidence.workerKillsAtMs)).length;
    counts.duplicatesAfterLostAnswer += excused;
    const unexcused = copies.length - 1 - excused;
    if (unexcused === 0) continue;
    counts.duplicateMessages += unexcused;
    findings.push(
      `chat and message ${subject}: ${copies.length} copies at ${copies.map(({ at }) => at).join(', ')} (${nearestKills(copies, evidence.workerKillsAtMs)})`,
    );
  }
  return { counts, findings };
}

/** `<incident> <kind>`, as a reader sees it. */
function subjectOf({ text }: TakenMessage): string {
  const [first = ''] = text.split('\n');
  const isIn = (words: string): boolean => {
    const [icon = '', ...what] = words.split(' ');
    return first.startsWith(icon) && first.includes(what.join(' '));
  };
  const kind = Object.entries(title).find(([, words]) => isIn(words))?.[0] ?? 'unknown';
  const id = new RegExp(`^${incidentWord}: (\\S+)$`, 'm').exec(text)?.[1] ?? 'none';
  return `${id} ${kind}`;
}

function kindsOwed({ records, longWaits }: Evidence, incident: IncidentRow): string[] {
  const logs = records.healLogs.filter(({ incidentId }) => incidentId === incident.id);
  const { status } = incident;
  // A failure without a playbook that comes back is told once in ten minutes, and its heal log says so.
  const toldBefore = logs.some(({ attempt, result }) => attempt === 1 && result === 'skipped');
  const ends = status === 'suppressed' || (status === 'alerted' && toldBefore) ? [] : [status];
  const waited = logs.some(({ actionType, attempt }) => actionType === 'WAIT_RETRY' && attempt > 0);
  return incident.case !== null && longWaits.has(incident.case) && waited ? ['waiting', ...ends] : ends;
}

function answerWasLost({ at, answerLost }: TakenMessage, workerKillsAtMs: readonly number[]): boolean {
  const atMs = Date.parse(at);
  const isBetween = (killedMs: number): boolean =>
    killedMs >= atMs - onItsWayMs && killedMs - atMs < answerInHandMs;
  return answerLost || workerKillsAtMs.some(isBetween);
}

/** Milliseconds from each copy to the kill of a worker that is nearest to it: what a finding is looked into by. */
function nearestKills(copies: readonly TakenMessage[], workerKillsAtMs: readonly number[]): string {
  const nearest = copies.map(({ at }) => {
    const distances = workerKillsAtMs.map((killedMs) => killedMs - Date.parse(at));
    return distances.sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 'none';
  });
  return `nearest kill of a worker, ms after each: ${nearest.join(', ')}`;
}
