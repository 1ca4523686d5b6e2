/** Every workflow's type and id (contract.md): the id is what makes one of each, so it is made nowhere else. */

export const workflowTypes = {
  heal: 'HealWorkflow',
  owedRecords: 'OwedRecordsWorkflow',
  hold: 'GuardHoldWorkflow',
  scheduledTask: 'ScheduledTaskWorkflow',
  embedding: 'EmbeddingWorkflow',
} as const;

/** There is one embedding workflow. */
export const embeddingWorkflowId = 'embedding';

export const healWorkflowId = (fingerprint: string): string => `heal/${fingerprint}`;
export const isHealWorkflow = (workflowId: string): boolean => workflowId.startsWith('heal/');

/** @param id of the incident, or the run, whose debt is paid by a run of its own */
export const owedRecordsWorkflowId = (id: string): string => `owed/${id}`;
export const debtorOf = (workflowId: string): string => workflowId.replace(/^owed\//, '');

/** A schedule's id, and the beginning of the ids of its runs. */
export const scheduleIdOf = (task: string): string => `task/${task}`;

/** A hold for what people have been told already. */
export const toldIds = {
  episode: (episode: string): string => `told/${episode}`,
  failure: (fingerprint: string): string => `told/${fingerprint}`,
  pause: ({ holdId, runId }: { holdId: string; runId: string }): string => `told/${holdId}/${runId}`,
};
