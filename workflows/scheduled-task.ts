import { ApplicationFailure, CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import { describeFailure, taskReport } from '../domain/task/report.ts';
import type { TaskEnd, TaskResult } from '../domain/task/run.ts';
import type { HealResult } from '../domain/incident/verdict.ts';
import { healWorkflowId } from '../domain/workflow-ids.ts';
import { thinking } from './proxies.ts';
import { Incident, type Word } from './task/incident.ts';
import { runOnce } from './task/run-once.ts';
import { TaskState } from './task/task-state.ts';

type FailedEnd = Exclude<TaskEnd, { kind: 'done' }>;

/** For the incident of a failure after which the task is not run again: long enough for a plain verdict. */
const lastWordMs = 60_000;

/**
 * One run of a scheduled task of the estate file (ADR-013 A4). When its command fails, the failure is reported; the
 * verdict says whether it is run again, and how that went is told to the incident, which is resolved only then.
 * @throws ApplicationFailure `TaskFailed` with `{ incidentId }` when its last run failed and no other follows;
 *   `NotInEstate` when there is no such task
 */
export async function ScheduledTaskWorkflow(input: { task: string }): Promise<TaskResult> {
  const name = nameIn(input);
  const { task, settings } = await thinking.readTask.executeWithOptions({ summary: name }, [{ task: name }]);
  const state = new TaskState(name, task, settings);
  const incident = new Incident((incidentId, workflowId) => state.sawIncident(incidentId, workflowId));
  try {
    for (;;) {
      state.runs += 1;
      state.become('running');
      const end = await runOnce(state);
      if (end.kind === 'done') {
        await incident.tellOutcome(true, `${name} ran through`);
        state.note(`run ${state.runs}: ran through`);
        state.become('done');
        return state.result(end);
      }
      state.note(`run ${state.runs}: ${describeFailure(name, end)}`);
      // Our own worker was lost, nothing of the estate's: no incident, just another run.
      if (end.kind === 'unknown' && end.lost === 'worker' && state.mayRunAgain) continue;
      state.become('healing');
      await obey(state, await wordOn(state, incident, end), end, incident);
    }
  } catch (error) {
    if (isCancellation(error)) {
      await CancellationScope.nonCancellable(() => incident.tellOutcome(false, `${name} was cancelled`));
    }
    throw error;
  }
}

/** Reports a failure, or tells it to the incident that had asked for this run; then waits for the incident's word. */
async function wordOn(state: TaskState, incident: Incident, end: FailedEnd): Promise<Word | null> {
  const { name, task } = state;
  const told = await incident.tellOutcome(false, describeFailure(name, end));
  if (!told) {
    const occurredAt = new Date().toISOString();
    const run = { name, task, end, run: state.runs, occurredAt, reportId: state.reportId };
    const classified = await thinking.classify.executeWithOptions({ summary: 'which incident' }, [
      { report: taskReport(run) },
    ]);
    const workflowId = healWorkflowId(classified.classification.fingerprint);
    state.note(`reported to ${workflowId}`);
    const earlier = classified.classification.earlier?.map(healWorkflowId);
    await incident.report({ own: workflowId, earlier }, classified.report, {
      tellsOutcome: state.mayRunAgain,
      ...(state.mayRunAgain && { outcomeTimeoutSec: task.timeoutSec + 120 }),
    });
    if (!state.mayRunAgain) return incident.nextWordWithin(lastWordMs);
  }
  for (;;) {
    const word = await incident.nextWord();
    if (state.mayRunAgain || !incident.isAsking) return word;
    // It asks for another run, and there is none left: so it can't count on this one.
    if (!(await incident.tellOutcome(false, `${name} has no run left`))) return word;
  }
}

/** Returns when the task is to be run again, and throws when it is not. */
async function obey(state: TaskState, word: Word | null, end: FailedEnd, incident: Incident): Promise<void> {
  if (word === null) return giveUp(state, end, incident, null, 'AutoHeal goes on with it');
  if (word.kind === 'ended')
    return giveUp(state, end, incident, null, 'The run of its incident was ended by hand');
  const { verdict } = word.result;
  state.note(`verdict ${verdict.kind}: ${verdict.reason}`);
  const said = `AutoHeal: ${word.result.status}, ${verdict.reason}`;
  if (verdict.kind === 'give_up') return giveUp(state, end, incident, word.result, said);
  if (!state.mayRunAgain) {
    const why =
      state.task.retry === 'never' ? 'it is never run twice' : `all of its ${state.maxRuns} run(s) are spent`;
    return giveUp(state, end, incident, word.result, `${said}; ${why}`);
  }
  if (verdict.kind === 'retry_now' || verdict.at === null) return;
  state.become('waiting', verdict.at);
  await sleep(Math.max(0, Date.parse(verdict.at) - Date.now()), { summary: `until ${verdict.at}` });
}

function giveUp(
  state: TaskState,
  end: FailedEnd,
  incident: Incident,
  result: HealResult | null,
  why: string,
): never {
  const incidentId = result?.incidentId ?? [...state.incidents.keys()].at(-1) ?? null;
  state.become('failed');
  const { name, runs } = state;
  const where = incidentId === null ? `${incident.workflowId}` : `${incidentId} (${incident.workflowId})`;
  throw ApplicationFailure.nonRetryable(
    `${name} failed after ${runs} run(s): ${describeFailure(name, end)}. ${why}. Incident ${where}.`,
    failureTypes.taskFailed,
    { incidentId, task: name, runs },
  );
}

function nameIn(input: unknown): string {
  const name = typeof input === 'object' && input !== null && 'task' in input ? input.task : undefined;
  if (typeof name === 'string' && name !== '') return name;
  throw ApplicationFailure.nonRetryable(
    'the input has no task: give { "task": "name of the estate file" }',
    failureTypes.notInEstate,
  );
}
