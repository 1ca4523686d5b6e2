import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readPlaybooks, shippedPlaybooks } from '../../settings/read-playbooks.ts';
import { breakContainer, until } from '../faults/reports.ts';
import { audit, type Audit } from './audit/audit.ts';
import { collectEvidence } from './audit/collect-evidence.ts';
import type { Case } from './load/case.ts';
import { chats, estateOptions } from './load/estate.ts';
import { sendUntilAccepted } from './load/sender.ts';
import { drained } from './site/drained.ts';
import { openSite, type Site } from './site/site.ts';
import type { Weakness } from './weakened-worker.ts';

const container = 'momo-app-a';
const aRestart = /'docker' 'restart'/;
const theCase: Case = {
  name: 'case-weakened',
  kind: 'exited',
  report: {
    source: 'task',
    target: container,
    error: { message: `container ${container} exited with code 1` },
    labels: { case: 'case-weakened' },
  },
  breaks: { container, how: 'kill' },
  curedAfterMs: null,
  sendings: [{ atMs: 0, reportId: 'the one', way: 'client' }],
};

/** The one fault that each safeguard is there for. */
const faults: Record<Weakness, (site: Site) => Promise<void>> = {
  'idempotency-key': async ({ proxy }) => proxy.dropAnswersTo('INSERT INTO heal_logs', 1),
  fence: async ({ lab }) => {
    // It has run, and the connection is gone before anybody is told so.
    lab.delayNext({ matching: aRestart, ms: 4000, when: 'after' });
    const ran = lab.runs.next((run) => run.kind === 'effect' && run.effect === 'start');
    await ran.then(() => sleep(500)).then(() => lab.cutConnections());
  },
  'durable-write': async ({ lab, proxy, botApi }) => {
    await lab.runs.next((run) => run.kind === 'effect' && run.effect === 'restart');
    // Away until everything has been decided and told, and for a while after.
    proxy.refuse(true);
    await until('people are told', () => botApi.messages().length > 0)
      .then(() => sleep(3000))
      .finally(() => proxy.refuse(false));
  },
};

/** One incident and one fault, with the product's worker or a weakened one. */
async function auditAfter(fault: Weakness, weakened: boolean): Promise<Audit> {
  const site = await openSite({
    ...estateOptions,
    ...(weakened ? { program: join(import.meta.dirname, 'weakened-worker.ts') } : {}),
    environment: { WEAKENED: fault },
  });
  try {
    site.botApi.failNext({ status: 403, chatId: chats.blocked, times: Infinity });
    const context = { ...site, rules: readPlaybooks([shippedPlaybooks]).rules, estate: site.lab.estate };
    await breakContainer(site.lab, container);
    const struck = faults[fault](site);
    const accepted = await Promise.all(
      theCase.sendings.map((sending) => sendUntilAccepted(context, theCase, sending)),
    );
    await struck;
    expect(await drained(site, 60_000)).toBe(true);
    return audit(await collectEvidence(site, { cases: [theCase], accepted, workerKillsAtMs: [] }));
  } finally {
    await site.close();
  }
}

it.each([
  ['idempotency-key', { duplicateHealLogs: 1 }],
  ['fence', { duplicateSideEffects: 1 }],
  ['durable-write', { lostHealLogs: 1, lostInsights: 1, unrecordedSideEffects: 1 }],
] as const)('finds the loss where the %s is switched off, and none where it is not', async (fault, loss) => {
  const weakened = await auditAfter(fault, true);
  expect(weakened).toMatchObject({ ok: false, incidents: 1, reportsAccepted: 1, ...loss });
  const sound = await auditAfter(fault, false);
  expect(sound.findings).toEqual([]);
  expect(sound).toMatchObject({ ok: true, incidents: 1, reportsAccepted: 1 });
});
