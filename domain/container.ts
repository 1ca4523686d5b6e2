import { z } from 'zod';

/** One container as `docker inspect` on its host tells it, reduced to what decisions need. Times are ISO 8601. */
export const containerSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  image: z.string(),
  labels: z.record(z.string(), z.string()),
  networkAliases: z.array(z.string()),
  running: z.boolean(),
  status: z.string(),
  health: z.enum(['healthy', 'unhealthy', 'starting', 'none']),
  startedAt: z.string(),
  restartCount: z.int(),
  exitCode: z.int(),
  oomKilled: z.boolean(),
});
export type Container = z.infer<typeof containerSchema>;
