import { setTimeout as sleep } from 'node:timers/promises';
import { readPlaybooks, shippedPlaybooks } from '../../files/read-playbooks.ts';
import { audit, type Audit } from './audit/audit.ts';
import type { Evidence } from './audit/evidence.ts';
import { readRecords } from './audit/read-records.ts';
import { startMonkey, type FaultCounts } from './faults/monkey.ts';
import { chaosContainers, chaosLimits, chats, prepareChaos, protectedContainers } from './load/estate.ts';
import { planLoad } from './load/plan-load.ts';
import { runLoad } from './load/run-load.ts';
import { sendUntilAccepted } from './load/sender.ts';
import { randomOf } from './random.ts';
import { openSite, type Site } from './site/site.ts';

export interface ChaosOptions {
  incidents: number;
  seed: number;
  /** Over how long the load is spread. */
  minutes: number;
  /** For a worker that is not the product's: to prove that the audit can fail. */
  program?: string;
  log?: (line: string) => void;
}

export type ChaosResult = Audit & { seconds: number; faults: FaultCounts };

/** How long everything may take to come to its end once the faults are over. */
const drainWithinMs = 5 * 60_000;

/** Load and faults together, on real parts; then the audit. */
export async function runChaos({
  incidents,
  seed,
  minutes,
  program,
  log = () => undefined,
}: ChaosOptions): Promise<ChaosResult> {
  const begunMs = Date.now();
  const site = await openSite({
    lab: { containers: chaosContainers, estate: { limits: chaosLimits } },
    prepare: prepareChaos,
    workers: 2,
    ...(program === undefined ? {} : { program }),
  });
  try {
    site.botApi.failNext({ status: 403, chatId: chats.blocked, times: Infinity });
    const context = { ...site, rules: readPlaybooks([shippedPlaybooks]).rules, estate: site.lab.estate };
    const cases = planLoad(randomOf(seed), incidents, minutes * 60_000);
    const [first, ...rest] = cases;
    if (first === undefined) throw new Error('a chaos run needs at least one incident');
    // The first one goes by in peace, so that every worker has seen the catalogue once.
    const sending = first.sendings.slice(0, 1);
    const warmedUp = await Promise.all(sending.map((each) => sendUntilAccepted(context, first, each)));
    await drained(site);
    log(`${incidents} failures over ${minutes} min, seed ${seed}; the faults begin`);
    const monkey = startMonkey(site, seed);
    const accepted = await runLoad({ lab: site.lab, context, cases: rest });
    const faults = await monkey.stop();
    site.botApi.failNext({ status: 403, chatId: chats.blocked, times: Infinity });
    log(`${accepted.length} reports were accepted and the faults are over; waiting for what is still owed`);
    await drained(site);
    const evidence: Evidence = {
      accepted: [...warmedUp, ...accepted],
      longWaits: new Set(cases.filter(({ kind }) => kind === 'rate_limited').map(({ name }) => name)),
      effects: site.lab.runs.effects(),
      messages: site.botApi.messages(),
      chats: [chats.admin, chats.reader],
      protectedContainers,
      workerKillsAtMs: monkey.workerKillsAtMs,
      records: await readRecords(site.rows),
    };
    const seconds = Math.round((Date.now() - begunMs) / 1000);
    return { ...audit(evidence), seconds, faults };
  } finally {
    await site.close();
  }
}

/** Waits until no heal is open any more; what still is then, the audit finds unfinished. */
async function drained({ client }: Site): Promise<void> {
  const begunMs = Date.now();
  let quiet = 0;
  while (quiet < 3 && Date.now() - begunMs < drainWithinMs) {
    await sleep(500);
    const open = `WorkflowType = 'HealWorkflow' AND ExecutionStatus = 'Running'`;
    const { count } = await client.workflow.count(open).catch(() => ({ count: 1 }));
    quiet = count === 0 ? quiet + 1 : 0;
  }
}
