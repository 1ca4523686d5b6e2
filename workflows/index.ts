export { HealWorkflow } from './heal.ts';
export { OwedRecordsWorkflow } from './owed-records.ts';
export { GuardHoldWorkflow } from './guard-hold.ts';
export { ScheduledTaskWorkflow } from './scheduled-task.ts';
export { EmbeddingWorkflow } from './embedding.ts';
export { LaterLookWorkflow } from './later-look.ts';
export { RetryLeaseWorkflow } from './retry-lease.ts';
export { AskWorkersWorkflow } from './ask-workers.ts';
