import { pendingMessages } from '../../client/operator/on-call.ts';
import type { Client, Connection } from '@temporalio/client';
import { Gauge, type Registry } from 'prom-client';
import type { Database } from '../../activities/gateways/postgres/database.ts';

const everyMs = 15_000;
const timeoutMs = 5000;
/** More open incidents than these are not looked at one by one; the numbers are then "at least". */
const looksAtMost = 300;
const atOnce = 8;

const records = new Set(['writeIncident', 'writeHealLog', 'writeInsight']);

const oldestWaiting = `SELECT EXTRACT(EPOCH FROM now() - min(i.created_at)) AS age FROM embedding_retry_queue q
  JOIN ai_insights i ON i.id = q.insight_id WHERE q.done_at IS NULL AND q.set_aside_at IS NULL`;

/**
 * What waits, in the whole installation and not in this worker alone: each worker serves the same numbers, so a rule
 * takes their maximum and not their sum. What can't be known now is NaN, not 0.
 */
export function watchBacklog(options: { client: Client; database: Database; registry: Registry }): {
  stop: () => void;
} {
  const { client, database, registry } = options;
  const gauge = (name: string, help: string): Gauge => {
    const made = new Gauge({ name, help, registers: [registry] });
    made.set(NaN);
    return made;
  };
  const owed = gauge(
    'autoheal_records_owed',
    'Writes that the database has not taken yet, of all open incidents.',
  );
  const pending = gauge(
    'autoheal_messages_pending',
    'Messages that have not arrived yet, of all open incidents.',
  );
  const open = gauge('autoheal_incidents_open', 'Incidents whose run is open.');
  const queue = gauge(
    'autoheal_embedding_queue_age_seconds',
    'How long the oldest insight has waited for its vector.',
  );
  const canary = gauge(
    'autoheal_canary_last_success_seconds',
    'When a canary last went all the way (Unix time).',
  );

  const lookAtTemporal = async (): Promise<void> => {
    try {
      const found = await countPending(client);
      owed.set(found.records);
      pending.set(found.messages);
      open.set(found.open);
      canary.set((await lastCanary(client)) ?? NaN);
    } catch {
      for (const each of [owed, pending, open, canary]) each.set(NaN);
    }
  };
  const lookAtDatabase = async (): Promise<void> => {
    const answer = await database.query<{ age: string | number | null }>(oldestWaiting, [], { timeoutMs });
    queue.set(answer.ok ? Number(answer.rows[0]?.age ?? 0) : NaN);
  };
  let timer: NodeJS.Timeout;
  const again = (): void => {
    void Promise.allSettled([lookAtTemporal(), lookAtDatabase()]).then(() => {
      timer = setTimeout(again, everyMs).unref();
    });
  };
  timer = setTimeout(again, 1000).unref();
  return { stop: () => clearTimeout(timer) };
}

async function countPending(client: Client): Promise<{ records: number; messages: number; open: number }> {
  const types = `WorkflowType IN ('HealWorkflow', 'OwedRecordsWorkflow')`;
  const query = `${types} AND ExecutionStatus = 'Running'`;
  const found = { records: 0, messages: 0, open: 0 };
  const ids: { workflowId: string; runId: string }[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    found.open += 1;
    if (ids.length < looksAtMost) ids.push({ workflowId, runId });
  }
  const { workflowService } = client.connection as Connection;
  const next = async (): Promise<void> => {
    for (let one = ids.pop(); one !== undefined; one = ids.pop()) {
      const execution = one;
      const { pendingActivities } = await client.withDeadline(Date.now() + timeoutMs, () =>
        workflowService.describeWorkflowExecution({ namespace: client.options.namespace, execution }),
      );
      for (const { activityType } of pendingActivities ?? []) {
        if (records.has(activityType?.name ?? '')) found.records += 1;
        if (activityType?.name === 'notify') found.messages += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  // What was handed over to be told, and is still to be sent.
  found.messages += (await pendingMessages(client)).messages;
  return found;
}

async function lastCanary(client: Client): Promise<number | null> {
  const query = `WorkflowType = 'CanaryWorkflow' AND ExecutionStatus = 'Completed'`;
  let latest: number | null = null;
  // Closed ones come newest first.
  for await (const { closeTime } of client.workflow.list({ query, pageSize: 1 })) {
    latest = closeTime === undefined ? null : closeTime.getTime() / 1000;
    break;
  }
  return latest;
}
