import { chats, protectedContainers } from '../load/estate.ts';
import type { Case } from '../load/case.ts';
import type { AcceptedReport } from '../load/sender.ts';
import type { Site } from '../site/site.ts';
import type { Evidence } from './evidence.ts';
import { readRecords } from './read-records.ts';

/** Gathers what a site's hosts, its Bot API and its database know, beside what was sent to it. */
export async function collectEvidence(
  site: Site,
  sent: {
    cases: readonly Case[];
    accepted: readonly AcceptedReport[];
    workerKillsAtMs: readonly number[];
  },
): Promise<Evidence> {
  const longWaits = sent.cases.filter(({ kind }) => kind === 'rate_limited').map(({ name }) => name);
  return {
    accepted: sent.accepted,
    longWaits: new Set(longWaits),
    effects: site.lab.runs.effects(),
    messages: site.botApi.messages(),
    chats: [chats.admin, chats.reader],
    protectedContainers,
    workerKillsAtMs: sent.workerKillsAtMs,
    records: await readRecords(site.rows),
  };
}
