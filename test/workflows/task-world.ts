import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { TaskResult } from '../../domain/task/run.ts';
import { openWorld, type World } from '../support/world.ts';

const programs = join(import.meta.dirname, '..', 'fixtures', 'tasks');

/** A world whose estate has these tasks; `folder` is theirs to write to. */
export async function openTaskWorld(
  tasksOf: (program: (name: string, ...args: string[]) => string[]) => Record<string, object>,
): Promise<World & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'ah-tasks-'));
  const program = (name: string, ...args: string[]): string[] => [
    process.execPath,
    join(programs, name),
    folder,
    ...args,
  ];
  const never = '0 0 1 1 *';
  const tasks = Object.fromEntries(
    Object.entries(tasksOf(program)).map(([name, task]) => [name, { cron: never, ...task }]),
  );
  const world = await openWorld({ lab: { estate: { tasks } } });
  return { ...world, folder };
}

export function startTask(world: World, task: string): Promise<WorkflowHandle> {
  return world.client.workflow.start('ScheduledTaskWorkflow', {
    workflowId: `task/${task}-${Math.random().toString(36).slice(2, 8)}`,
    taskQueue: world.taskQueue,
    args: [{ task }],
  });
}

export interface TaskFailure {
  message: string;
  type: string | null;
  details: { incidentId: string | null; task: string; runs: number } | undefined;
}

/** Why a task's run failed. Throws where it didn't. */
export async function failureOf(handle: WorkflowHandle): Promise<TaskFailure> {
  try {
    await handle.result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause as { message: string; type?: string; details?: unknown[] };
    return {
      message: cause.message,
      type: cause.type ?? null,
      details: cause.details?.[0] as TaskFailure['details'],
    };
  }
  throw new Error(`${handle.workflowId} did not fail`);
}

export const resultOf = (handle: WorkflowHandle): Promise<TaskResult> =>
  handle.result() as Promise<TaskResult>;

/** Waits until something is so; a test that waits in vain ends by its own time-out. */
export async function until<T>(look: () => Promise<T | null | false>, everyMs = 100): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** The processes that steady.js noted so far: its own and its child's, a pair for each run. */
export async function steadyPids(folder: string): Promise<number[][]> {
  const text = await readFile(join(folder, 'steady-pids'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ').map(Number));
}

export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
