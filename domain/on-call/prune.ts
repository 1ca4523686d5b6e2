import type { OnCallState, Told } from './state.ts';

/** What goes from one run to the next must stay well below Temporal's 2 MB. */
const charactersAtMost = 900_000;
const incidentsAtMost = 400;

/**
 * Forgets what nobody needs any more: the oldest incidents that wait for nobody, with their cards, and then the full
 * texts of the oldest. What is due or waits stays, in a long outage only as a line.
 */
export function prune(state: OnCallState): void {
  const incidents = Object.entries(state.incidents);
  const sizes = new Map(incidents.map(([id, { notice }]) => [id, notice === null ? 300 : sizeOf(notice)]));
  let characters = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  let tooMany = incidents.length - incidentsAtMost;
  if (tooMany <= 0 && characters <= charactersAtMost) return;
  const isDue = (id: string): boolean => Object.values(state.chats).some(({ due }) => id in due);
  const oldestFirst = incidents.sort(([, a], [, b]) => a.updatedAtMs - b.updatedAtMs);
  const isDone = ([id, { waits }]: [string, Told]): boolean => !waits && !isDue(id);
  const done = oldestFirst.filter(isDone);
  for (const [id] of done) {
    if (tooMany <= 0) break;
    forget(state, id);
    characters -= sizes.get(id) ?? 0;
    tooMany -= 1;
  }
  for (const [id, one] of [...done, ...oldestFirst.filter((each) => !isDone(each))]) {
    if (characters <= charactersAtMost) return;
    if (one.notice === null || !(id in state.incidents)) continue;
    characters -= sizes.get(id) ?? 0;
    one.notice = null;
  }
}

/** Near enough: the long texts of a notice. */
const sizeOf = ({ message, output, tried, similar, reason, advice }: NonNullable<Told['notice']>): number =>
  1000 + [message, output ?? '', reason, ...tried, ...similar, ...Object.values(advice)].join('').length;

function forget(state: OnCallState, id: string): void {
  delete state.incidents[id];
  for (const chat of Object.values(state.chats)) {
    delete chat.cards[id];
    delete chat.due[id];
    chat.replaced = chat.replaced.filter(({ incidentId }) => incidentId !== id);
    if (chat.digest?.incidentIds.includes(id) !== true) continue;
    chat.digest.incidentIds = chat.digest.incidentIds.filter((each) => each !== id);
    chat.digest.forgotten += 1;
  }
}
