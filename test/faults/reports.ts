import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { CompiledRules } from '../../domain/report/classify.ts';
import { placeReport } from '../../domain/report/place-report.ts';
import type { Report } from '../../domain/report/report.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import { readPlaybooks, shippedPlaybooks } from '../../settings/read-playbooks.ts';
import type { Lab } from '../../lab/lab.ts';
import { reportSignal } from '../../workflows/messages.ts';
import { peopleTold } from '../support/people-told.ts';

let rules: CompiledRules | null = null;
const shippedRules = (): CompiledRules => (rules ??= readPlaybooks([shippedPlaybooks]).rules);

/** What a test needs of a world or a site to report to it. */
export interface Addressee {
  client: Client;
  taskQueue: string;
  lab: Lab;
}

export const exited = (target: string, more: Partial<Report> = {}): Report => ({
  source: 'cli',
  target,
  error: { message: `container ${target} exited with code 1` },
  ...more,
});

/** A failure that is waited out until the name resolves. */
export const unresolved = (name: string): Report => ({
  source: 'task',
  target: 'momo-scheduler',
  error: { message: `could not translate host name "${name}" to address: Name or service not known` },
});

/** The incident's workflow id for a report. */
export const incidentOf = ({ lab }: Pick<Addressee, 'lab'>, report: Report): string =>
  `heal/${placeReport(report, { estate: lab.estate, rules: shippedRules() }).classification.fingerprint}`;

/** Sends a report as callers do: it opens its incident, or joins the open one. */
export async function send(to: Addressee, report: Report): Promise<{ workflowId: string; runId: string }> {
  const numbered = { ...report, reportId: report.reportId ?? randomUUID() };
  const workflowId = incidentOf(to, report);
  const handle = await to.client.workflow.signalWithStart('HealWorkflow', {
    workflowId,
    taskQueue: to.taskQueue,
    args: [numbered],
    signal: reportSignal,
    signalArgs: [numbered],
  });
  return { workflowId, runId: handle.signaledRunId };
}

/** Sends a report and waits until its run has ended, with everything written. */
export async function heal(to: Addressee, report: Report): Promise<HealResult> {
  return resultOf(to, await send(to, report));
}

export async function resultOf(
  { client }: Pick<Addressee, 'client'>,
  { workflowId, runId }: { workflowId: string; runId: string },
): Promise<HealResult> {
  const result = await client.workflow.getHandle<() => Promise<HealResult>>(workflowId, runId).result();
  await peopleTold({ client });
  return result;
}

/** Looks until it holds. @throws Error with what was waited for, after `withinMs` */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const begunMs = Date.now();
  while (!(await holds())) {
    if (Date.now() - begunMs > withinMs) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await sleep(50);
  }
}

/** Kills a lab container and waits until the host knows. */
export async function breakContainer(lab: Lab, name: string): Promise<void> {
  lab.container(name).kill();
  await until(`${name} is down`, () => !lab.container(name).view().running);
}

/** How often docker really restarted it for somebody from outside. */
export const restartsOf = (lab: Lab, container: string): number =>
  lab.runs.effects({ container, effect: 'restart' }).length;
