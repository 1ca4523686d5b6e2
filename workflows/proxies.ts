import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { DescribeWorker } from '../activities/describe-worker.ts';
import type { Activities } from '../activities/index.ts';
import { localFirst } from './local-first.ts';

/** Every proxy, one for each class of time-outs. */

type Thinking = Pick<
  Activities,
  | 'classify'
  | 'matchPlaybook'
  | 'readPauses'
  | 'checkCooldown'
  | 'claimOnce'
  | 'checkApprover'
  | 'makeNonce'
  | 'readTask'
  | 'planNotice'
>;

/** Well below the 8 s after which a workflow task with a local activity under way is ended. */
const whileQuick = { startToCloseTimeout: '4s', scheduleToCloseTimeout: '6s' } as const;

/** Decisions: milliseconds, no side effect on the estate; local, so that a heal begins within a few round trips. */
export const thinking = localFirst(
  proxyLocalActivities<Thinking>({
    ...whileQuick,
    retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '1s' },
  }),
  proxyActivities<Thinking>({
    startToCloseTimeout: '30s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
  }),
);

/**
 * Looks on the host: read-only, so a lost one is simply repeated. Over a warm connection it takes milliseconds; one
 * that has to connect over a sick network gets ssh's own time-outs.
 */
export const looking = localFirst(
  proxyLocalActivities<Pick<Activities, 'lookAtContainer'>>({ ...whileQuick, retry: { maximumAttempts: 1 } }),
  proxyActivities<Pick<Activities, 'lookAtContainer'>>({
    startToCloseTimeout: '30s',
    retry: { maximumAttempts: 3 },
  }),
);

/** Side effects: one attempt for ever. A lost worker shows after the heartbeat time-out; then the outcome is looked up. */
export const acting = proxyActivities<Pick<Activities, 'executeSsh'>>({
  startToCloseTimeout: '2m',
  scheduleToStartTimeout: '5m',
  heartbeatTimeout: '10s',
  retry: { maximumAttempts: 1 },
});

/** Watching a container until it is stable: at most the playbook's verifyTimeoutSec (an hour) and a look. */
export const watching = proxyActivities<Pick<Activities, 'verify'>>({
  startToCloseTimeout: '65m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', maximumInterval: '10s' },
});

/** Probes of a wait: seconds each, or a minute where what Docker keeps restarting has to stay up; repeated by the wait itself. */
export const probing = proxyActivities<Pick<Activities, 'probeCause'>>({
  startToCloseTimeout: '2m',
  heartbeatTimeout: '10s',
  retry: { maximumAttempts: 3 },
});

/** Holds are given back, and later looks planned, beside the last records, which don't wait for it. */
export const releasing = proxyActivities<Pick<Activities, 'releaseHolds' | 'planLook'>>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' },
});

/** Records: owed, so retried until the database takes them, however long that is (ADR-013 A14). */
export const recording = proxyActivities<Pick<Activities, 'writeIncident' | 'writeHealLog' | 'writeInsight'>>(
  {
    startToCloseTimeout: '15s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s' },
  },
);

/** Handing over what people are to be told: owed, so retried until Temporal takes it. */
export const telling = proxyActivities<Pick<Activities, 'notify'>>({
  startToCloseTimeout: '15s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s' },
});

/** A message to one chat: one try, because the next one may have something newer to say. */
export const delivering = proxyActivities<Pick<Activities, 'deliverCard'>>({
  startToCloseTimeout: '30s',
  scheduleToStartTimeout: '5m',
  retry: { maximumAttempts: 1 },
});

/** A group's new id in its row: tried for a minute; Telegram names it again with the next message. */
export const following = proxyActivities<Pick<Activities, 'moveRecipient'>>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '1m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** A task's command: one attempt, as only the task knows whether it is safe twice. Each run sets its own time-out. */
export const commanding = proxyActivities<Pick<Activities, 'runTask'>>({
  startToCloseTimeout: '25h',
  heartbeatTimeout: '10s',
  // A cancelled run has ended its command before its workflow ends.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { maximumAttempts: 1 },
});

/** Vectors: idempotent by row, and retried for as long as the database is away. */
export const embedding = proxyActivities<Pick<Activities, 'drainEmbeddings'>>({
  startToCloseTimeout: '5m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** Questions to one worker, which answers at once or is not there. */
export const describing = (taskQueue: string) =>
  proxyActivities<DescribeWorker>({
    taskQueue,
    scheduleToCloseTimeout: '5s',
    retry: { maximumAttempts: 1 },
  });
