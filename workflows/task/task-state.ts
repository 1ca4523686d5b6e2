import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { RunSettings } from '../../domain/incident/state.ts';
import type { Task } from '../../domain/estate.ts';
import { describeTask, type TaskView } from '../../domain/task/details.ts';
import type { TaskEnd, TaskResult } from '../../domain/task/run.ts';

const taskAttribute = defineSearchAttributeKey('AutoHealTask', SearchAttributeType.KEYWORD);
const statusAttribute = defineSearchAttributeKey('AutoHealStatus', SearchAttributeType.KEYWORD);

/** One scheduled task while its workflow lasts: the state, and how it shows in the Temporal UI. */
export class TaskState {
  readonly name: string;
  readonly task: Task;
  readonly #settings: RunSettings;
  readonly #startedAtMs = Date.now();
  readonly #steps: string[] = [];
  /** Ids of incidents, and of their workflows. */
  readonly incidents = new Map<string, string>();
  runs = 0;
  #status: TaskView['status'] = 'running';
  #until: string | null = null;

  constructor(name: string, task: Task, settings: RunSettings) {
    this.name = name;
    this.task = task;
    this.#settings = settings;
  }

  /** A task that isn't safe to run twice is run once, whatever a verdict says. */
  get maxRuns(): number {
    return this.task.retry === 'never' ? 1 : this.task.maxRuns;
  }

  get mayRunAgain(): boolean {
    return this.runs < this.maxRuns;
  }

  become(status: TaskView['status'], until: string | null = null): void {
    this.#status = status;
    this.#until = until;
    if (this.#settings.searchAttributes) {
      upsertSearchAttributes([
        { key: taskAttribute, value: this.name },
        { key: statusAttribute, value: status },
      ]);
    }
    this.#show();
  }

  note(step: string): void {
    this.#steps.push(step);
    this.#show();
  }

  sawIncident(incidentId: string, workflowId: string): void {
    this.incidents.set(incidentId, workflowId);
    this.#show();
  }

  result(end: TaskEnd): TaskResult {
    return {
      task: this.name,
      runs: this.runs,
      incidents: [...this.incidents.keys()],
      durationMs: Math.max(0, Date.now() - this.#startedAtMs),
      outputTail: end.outputTail,
    };
  }

  get reportId(): string {
    return `${workflowInfo().runId}/${this.runs}`;
  }

  #show(): void {
    const incidents = [...this.incidents].map(([id, workflowId]) => `${id} (${workflowId})`);
    setCurrentDetails(
      describeTask({
        task: this.name,
        status: this.#status,
        runs: this.runs,
        maxRuns: this.maxRuns,
        until: this.#until,
        incidents,
        steps: this.#steps,
      }),
    );
  }
}
