import type { PauseScope } from './guard/guard.ts';

/** Every workflow's type and id (contract.md): the id is what makes one of each, so it is made nowhere else. */

export const workflowTypes = {
  heal: 'HealWorkflow',
  owedRecords: 'OwedRecordsWorkflow',
  hold: 'GuardHoldWorkflow',
  scheduledTask: 'ScheduledTaskWorkflow',
  embedding: 'EmbeddingWorkflow',
  retryLease: 'RetryLeaseWorkflow',
  laterLook: 'LaterLookWorkflow',
  onCall: 'OnCallWorkflow',
} as const;

/** There is one embedding workflow. */
export const embeddingWorkflowId = 'embedding';

/** There is one on-call workflow for an estate. */
export const onCallWorkflowId = 'on-call';

export const healWorkflowId = (fingerprint: string): string => `heal/${fingerprint}`;
export const isHealWorkflow = (workflowId: string): boolean => workflowId.startsWith('heal/');

/** @param id of the incident, or the run, whose debt is paid by a run of its own */
export const owedRecordsWorkflowId = (id: string): string => `owed/${id}`;
export const debtorOf = (workflowId: string): string => workflowId.replace(/^owed\//, '');

/** The right to run a failed task again after a recovery. */
export const retryLeaseWorkflowId = (task: string, target: string | undefined): string =>
  `retry/${task}${target === undefined ? '' : `/${target}`}`;

/** A schedule's id, and the beginning of the ids of its runs. */
export const scheduleIdOf = (task: string): string => `task/${task}`;
export const taskOfScheduleId = (scheduleId: string): string => scheduleId.replace(/^task\//, '');

const part = (text: string): string => encodeURIComponent(text);

/** Holds of the guard: the id is what is held. A budget of n is n numbered slots. */
export const holdIds = {
  lease: (host: string, target: string): string => `lease/${part(host)}/${part(target)}`,
  cooldown: (playbook: string, host: string | null, target: string | null): string =>
    `cooldown/${playbook}/${part(host ?? '-')}/${part(target ?? '-')}`,
  hostBudget: (host: string, slot: number): string => `budget/host/${part(host)}/${slot}`,
  estateBudget: (slot: number): string => `budget/estate/${slot}`,
  stormMark: (host: string, target: string): string => `storm/target/${part(host)}/${part(target)}`,
  stormSlot: (slot: number): string => `storm/slot/${slot}`,
  flapping: (host: string, target: string, slot: number): string =>
    `flapping/${part(host)}/${part(target)}/${slot}`,
  pause: (scope: PauseScope): string =>
    scope.kind === 'estate' ? 'pause/estate' : `pause/${scope.kind}/${part(scope.name)}`,
};

/** One look for each target; for each failure where there is no container to look at. */
export const laterLookWorkflowId = (
  host: string | null,
  container: string | null,
  fingerprint: string,
): string =>
  host === null || container === null ? `look/${fingerprint}` : `look/${part(host)}/${part(container)}`;

/** A hold for what people have been told already. */
export const toldIds = {
  episode: (episode: string): string => `told/${episode}`,
  relapse: (host: string, container: string): string => `told/relapse/${part(host)}/${part(container)}`,
  failure: (fingerprint: string): string => `told/${fingerprint}`,
  pause: ({ holdId, runId }: { holdId: string; runId: string }): string => `told/${holdId}/${runId}`,
};
