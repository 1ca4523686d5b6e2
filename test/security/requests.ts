import type { WorkflowHandle } from '@temporalio/client';
import { type PauseScope } from '../../domain/guard/guard.ts';
import { holdStartOptions } from '../../domain/guard/hold.ts';
import type { Report } from '../../domain/report/report.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import { until, type HealWorld } from '../workflows/heal-world.ts';
import { holdIds, workflowTypes } from '../../domain/workflow-ids.ts';

/** An admin in person: the group that the migration plants decides nothing. */
export const admin = '1001';
const wishes = 'abcdefghijklmnopqrstuvwxyz';
let made = 0;

/** A report that asks for an action; each is a failure of its own. */
export function requestOf(action: NonNullable<Report['action']>, more: Partial<Report> = {}): Report {
  made += 1;
  const wish = `${wishes[made % 26]}${wishes[Math.floor(made / 26) % 26]}`;
  return {
    source: 'elephant_alpha',
    error: { type: 'ActionRequested', message: `the orchestrator has the wish ${wish}` },
    occurredAt: new Date().toISOString(),
    action,
    ...more,
  };
}

/** A request that waits for a person. */
export interface Asked {
  handle: WorkflowHandle<(report: Report) => Promise<HealResult>>;
  answer(approve: boolean): Promise<HealResult>;
}

/** Sends a request, and waits until a person has been asked. */
export async function ask(world: HealWorld, report: Report): Promise<Asked> {
  await world.rows(
    `INSERT INTO telegram_users (telegram_id, name, is_admin) VALUES ($1, 'alice', true) ON CONFLICT DO NOTHING`,
    [admin],
  );
  const handle = await world.open(report);
  await until(async () => (await handle.query<HealStatus>('status')).status === 'awaiting_approval');
  const { runId } = await handle.describe();
  const nonce = await until(async () => {
    const told = world.botApi.messages().find(({ text }) => text.includes(`approve ${runId}`));
    return /\/approve \S+ ([0-9a-f]{8})/.exec(told?.text ?? '')?.[1] ?? null;
  });
  return {
    handle,
    async answer(approve) {
      const args: [object] = [{ approve, by: admin, nonce }];
      const taken = await handle.executeUpdate<{ accepted: boolean; reason: string }, [object]>('decide', {
        args,
      });
      if (!taken.accepted) throw new Error(taken.reason);
      return world.resultOf(handle);
    },
  };
}

/** Pauses a target or a host until it is lifted. */
export async function pause(
  { client, taskQueue }: HealWorld,
  scope: PauseScope,
): Promise<{ lift(): Promise<void> }> {
  const memo = {
    owner: 'alice',
    reason: 'maintenance',
    until: null,
    holderWorkflowId: null,
    holderRunId: null,
  };
  const request = { id: holdIds.pause(scope), forMs: null, taskQueue, memo, summary: 'maintenance' };
  const handle = await client.workflow.start(workflowTypes.hold, holdStartOptions(request));
  return {
    async lift() {
      await handle.terminate('lifted');
    },
  };
}

/** Command lines that the host has received since. */
export function watchLines(world: HealWorld): () => string[] {
  const before = world.lab.runs.commandLines().length;
  return () => world.lab.runs.commandLines().slice(before);
}

/** Stops, starts and restarts of a container that came by ssh. */
export const effectsOn = (world: HealWorld, container: string) =>
  world.lab.runs.effects({ container }).filter(({ commandId }) => commandId !== null);
