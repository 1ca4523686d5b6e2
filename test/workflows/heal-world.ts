import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { deliverReport, type DeliveryContext } from '../../client/delivery/deliver-report.ts';
import type { Report } from '../../domain/report/report.ts';
import { type HealResult } from '../../domain/incident/verdict.ts';
import { healResultSchema } from '../../domain/incident/verdict-schema.ts';
import { readPlaybooks, shippedPlaybooks } from '../../settings/read-playbooks.ts';
import type { ContainerSpec } from '../../lab/container-spec.ts';
import type { LabEstate } from '../../lab/estate.ts';
import type { LabOptions } from '../../lab/lab.ts';
import { wordsOf } from '../../domain/message/words.ts';
import type { TakenMessage } from '../support/bot-api.ts';
import { openWorld, type World } from '../support/world.ts';
import { peopleTold } from '../support/people-told.ts';
import { until } from './task-world.ts';

export { until };

/** Whom the migration plants: every message of a test is counted in this chat. */
const firstChat = '-1003940688311';

/** Limits that no test meets by accident. */
export const wideLimits = {
  restartsPerHostPer10Min: 500,
  restartsPerEstatePer10Min: 500,
  stormTargets: 500,
  flappingHeals: 500,
};

export interface HealLogRow {
  attempt: number;
  action_type: string;
  command: string | null;
  result: string;
  duration_ms: number;
  output: string | null;
  error: string | null;
  playbook: string | null;
  steps: { step: string; durationMs: number; detail: string }[];
}

export interface IncidentRow {
  id: string;
  status: string;
  error_type: string;
  playbook: string | null;
  playbook_id: number | null;
  occurrences: number;
  attempts: number;
  relapse_of: string | null;
  workflow_id: string;
  run_id: string;
  resolved_at: Date | null;
  escalated_at: Date | null;
  metadata: Record<string, unknown>;
}

export interface InsightRow {
  event: string;
  symptom: string;
  action: string;
  result: string;
  lesson: string;
  queued: number;
}

/** All that is left of an incident once its run has closed. */
export interface Traces {
  incident: IncidentRow;
  logs: HealLogRow[];
  insights: InsightRow[];
  messages: TakenMessage[];
}

export interface HealWorld extends World {
  /** Opens, or joins, the incident of a report; a handle of its run. */
  open(report: Report): Promise<WorkflowHandle & { incidentId: string }>;
  /** Reports, and waits for the incident's end. */
  heal(report: Report): Promise<HealResult>;
  /** Starts HealWorkflow under a foreign id, as a scheduler in another language does. */
  startForeign(report: Report): Promise<WorkflowHandle>;
  resultOf(handle: WorkflowHandle): Promise<HealResult>;
  tracesOf(incidentId: string): Promise<Traces>;
  /** Restarts that came by ssh. */
  restartsOf(container: string): number;
  delivery: DeliveryContext;
}

/** A world of quick playbooks without cooldowns; `containers` are named by the tests that use them. */
export async function openHealWorld(
  containers: readonly (string | ContainerSpec)[],
  estate: LabEstate = {},
  lab: Pick<LabOptions, 'execThroughGate' | 'gateArguments'> = {},
): Promise<HealWorld> {
  const specs = containers.map((spec) =>
    typeof spec === 'string' ? { name: spec, image: 'momo/app:2026.4' } : spec,
  );
  const world = await openWorld({
    lab: { ...lab, containers: specs, estate: { limits: wideLimits, ...estate } },
  });
  await world.rows(`UPDATE playbooks SET cooldown_min = 0, max_retries = 2, action_params = action_params ||
    '{"backoffSec": 0.3, "maxBackoffSec": 0.3, "stableForSec": 0.5, "verifyTimeoutSec": 4, "stopTimeoutSec": 0}'`);
  const delivery: DeliveryContext = {
    client: world.client,
    taskQueue: world.taskQueue,
    estate: world.lab.estate,
    rules: readPlaybooks([shippedPlaybooks]).rules,
  };
  const resultOf = async (handle: WorkflowHandle): Promise<HealResult> =>
    healResultSchema.parse(await handle.result());
  const open: HealWorld['open'] = async (report) => {
    const { workflowId, runId, incidentId } = await deliverReport({ ...delivery, report });
    return Object.assign(world.client.workflow.getHandle(workflowId, runId), { incidentId });
  };
  return {
    ...world,
    delivery,
    open,
    resultOf,
    heal: async (report) => resultOf(await open(report)),
    startForeign: (report) =>
      world.client.workflow.start('HealWorkflow', {
        workflowId: `scheduler-${randomUUID()}`,
        taskQueue: world.taskQueue,
        args: [report],
      }),
    tracesOf: (incidentId) => tracesOf(world, incidentId),
    restartsOf: (container) =>
      world.lab.runs.effects({ container, effect: 'restart' }).filter(({ commandId }) => commandId !== null)
        .length,
  };
}

async function tracesOf(world: World, incidentId: string): Promise<Traces> {
  await peopleTold(world);
  const [incident] = await world.rows<IncidentRow>('SELECT * FROM incidents WHERE id = $1', [incidentId]);
  if (incident === undefined) throw new Error(`there is no row of the incident ${incidentId}`);
  const logs = await world.rows<HealLogRow>(
    'SELECT * FROM heal_logs WHERE incident_id = $1 ORDER BY attempt, id',
    [incidentId],
  );
  const insights = await world.rows<InsightRow>(
    `SELECT a.*, (SELECT count(*)::int FROM embedding_retry_queue q WHERE q.insight_id = a.id) AS queued
     FROM ai_insights a WHERE incident_id = $1 AND insight_type = 'auto_heal_playbook'`,
    [incidentId],
  );
  return { incident, logs, insights, messages: messagesOf(world, incidentId) };
}

/** What people were told of an incident. */
export const messagesOf = (world: World, incidentId: string): TakenMessage[] =>
  world.botApi.messages().filter(({ chatId, text }) => chatId === firstChat && text.includes(incidentId));

/** What a message says that it is: the words for its kind, with their sign. */
export function kindOf({ text }: TakenMessage): string {
  const [first = ''] = text.split('\n');
  const titles = Object.values(wordsOf('en').title);
  const found = titles.find((title) => {
    const [icon = '', ...what] = title.split(' ');
    return first.startsWith(`${icon} `) && first.split(' · ').some((part) => part.endsWith(what.join(' ')));
  });
  return found ?? first;
}

/** Waits until docker itself would call a container unhealthy. */
export async function hang(world: World, name: string): Promise<void> {
  world.lab.container(name).hang();
  await until(async () => world.lab.container(name).view().health === 'unhealthy', 50);
}

export const unhealthy = (target: string, more: Partial<Report> = {}): Report => ({
  source: 'alertmanager',
  target,
  error: { message: `container ${target} is unhealthy` },
  ...more,
});
