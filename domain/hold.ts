import { z } from 'zod';

/** What a hold says of itself: its memo, shown in the Temporal UI. */
export const holdMemoSchema = z.object({
  owner: z.string(),
  reason: z.string(),
  /** ISO time, or null for one that lasts until it is lifted. */
  until: z.string().nullable(),
  /** The run that took it, where one did. */
  holderWorkflowId: z.string().nullable().default(null),
  holderRunId: z.string().nullable().default(null),
});
export type HoldMemo = z.infer<typeof holdMemoSchema>;
