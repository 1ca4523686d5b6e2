import { z } from 'zod';

/** What a hold says of itself: its memo, shown in the Temporal UI. */
export const holdMemoSchema = z.object({
  owner: z.string(),
  reason: z.string(),
  /** ISO time, or null for one that lasts until it is lifted. Temporal drops what is null from a memo. */
  until: z.string().nullable().default(null),
  /** The run that took it, where one did. */
  holderWorkflowId: z.string().nullable().default(null),
  holderRunId: z.string().nullable().default(null),
});
export type HoldMemo = z.infer<typeof holdMemoSchema>;

export interface HoldRequest {
  id: string;
  /** How long it lasts by itself, in ms; null: until lifted. */
  forMs: number | null;
  taskQueue: string;
  memo: HoldMemo;
  summary: string;
}

/** How the workflow of a hold is started: exact under any concurrency, because the server starts one workflow per id. */
export function holdStartOptions(request: HoldRequest) {
  return {
    workflowId: request.id,
    taskQueue: request.taskQueue,
    args: [{ endless: request.forMs === null }],
    workflowIdConflictPolicy: 'FAIL' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    memo: { ...request.memo },
    staticSummary: request.summary,
    ...(request.forMs === null ? {} : { startDelay: Math.max(1, request.forMs) }),
  };
}
