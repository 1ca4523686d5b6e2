import { readPlaybooks, shippedPlaybooks } from '../../settings/read-playbooks.ts';
import { audit, type Audit } from './audit/audit.ts';
import { collectEvidence } from './audit/collect-evidence.ts';
import { replayAll } from './audit/replay-all.ts';
import type { FaultCounts } from './faults/fault.ts';
import { startMonkey } from './faults/monkey.ts';
import { chats, estateOptions } from './load/estate.ts';
import { planLoad } from './load/plan-load.ts';
import { runLoad } from './load/run-load.ts';
import { sendUntilAccepted } from './load/sender.ts';
import { randomOf } from './random.ts';
import { drained } from './site/drained.ts';
import { openSite } from './site/site.ts';

export interface ChaosOptions {
  incidents: number;
  seed: number;
  /** Over how long the load is spread. */
  minutes: number;
  log?: (line: string) => void;
}

export type ChaosResult = Audit & { replayFailures: number; seconds: number; faults: FaultCounts };

/** How long everything may take to come to its end once the faults are over. */
const drainWithinMs = 5 * 60_000;

/** Load and faults together, on real parts; then the audit, and a replay of every history. */
export async function runChaos({
  incidents,
  seed,
  minutes,
  log = () => undefined,
}: ChaosOptions): Promise<ChaosResult> {
  const begunMs = Date.now();
  const site = await openSite({ ...estateOptions, workers: 2 });
  const blockTheBot = (): void =>
    site.botApi.failNext({ status: 403, chatId: chats.blocked, times: Infinity });
  try {
    blockTheBot();
    const context = { ...site, rules: readPlaybooks([shippedPlaybooks]).rules, estate: site.lab.estate };
    const cases = planLoad(randomOf(seed), incidents, minutes * 60_000);
    const [first, ...rest] = cases;
    if (first === undefined) throw new Error('a chaos run needs at least one incident');
    // The first one goes by in peace, so that every worker has seen the catalogue once.
    const sending = first.sendings.slice(0, 1);
    const warmedUp = await Promise.all(sending.map((each) => sendUntilAccepted(context, first, each)));
    await drained(site, drainWithinMs);
    log(`${incidents} failures over ${minutes} min, seed ${seed}; the faults begin`);
    const monkey = startMonkey(site, seed);
    const sent = await runLoad({ lab: site.lab, context, cases: rest });
    const faults = await monkey.stop();
    blockTheBot();
    log(`${sent.length} reports were accepted and the faults are over; waiting for what is still owed`);
    const isDrained = await drained(site, drainWithinMs);
    const { workerKillsAtMs } = monkey;
    const audited = audit(
      await collectEvidence(site, { cases, accepted: [...warmedUp, ...sent], workerKillsAtMs }),
    );
    log('replaying every history');
    const replayed = await replayAll(site.client);
    const { replayFailures } = replayed.counts;
    return {
      ...audited,
      ok: audited.ok && isDrained && replayFailures === 0,
      replayFailures,
      seconds: Math.round((Date.now() - begunMs) / 1000),
      faults,
      findings: [
        ...audited.findings,
        ...(isDrained
          ? []
          : [`runs were still open ${drainWithinMs / 60_000} min after the faults were over`]),
        ...replayed.findings,
      ],
    };
  } finally {
    await site.close();
  }
}
