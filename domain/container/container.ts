import { z } from 'zod';

/** How a container's health check is run, in seconds, with Docker's defaults filled in. */
export const healthCheckSchema = z.object({
  intervalSec: z.number(),
  timeoutSec: z.number(),
  startPeriodSec: z.number(),
  retries: z.int(),
});
export type HealthCheck = z.infer<typeof healthCheckSchema>;

/** One container as `docker inspect` on its host tells it, reduced to what decisions need. Times are ISO 8601. */
export const containerSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  image: z.string(),
  labels: z.record(z.string(), z.string()),
  networkAliases: z.array(z.string()),
  /** What Docker calls running: also while it is paused, and while it waits to be started again. */
  running: z.boolean(),
  paused: z.boolean(),
  restarting: z.boolean(),
  dead: z.boolean(),
  status: z.string(),
  health: z.enum(['healthy', 'unhealthy', 'starting', 'none']),
  /** Null where it has none, or one that is switched off. */
  healthCheck: healthCheckSchema.nullable(),
  /** What the last health check printed; empty where there was none. Redacted. */
  healthOutput: z.string(),
  createdAt: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  /** How often its restart policy has brought it back since a person or a program last started it. */
  restartCount: z.int(),
  /** `no`, `always`, `unless-stopped`, `on-failure`; `maxRetries` 0 is without a limit. */
  restartPolicy: z.object({ name: z.string(), maxRetries: z.int() }),
  exitCode: z.int(),
  oomKilled: z.boolean(),
  /** Why Docker could not start it, in Docker's words; empty where it could. Redacted. */
  error: z.string(),
  /** It offers a port to the world outside Docker. */
  publishesPorts: z.boolean(),
  /** `bridge`, a network's name, `host`, `none`, or `container:<id>` for one that lives in another's namespace. */
  networkMode: z.string(),
  networks: z.array(z.string()),
  /** Its addresses in them, while it runs. */
  addresses: z.array(z.string()),
  /** Ports of the host that lead to it. */
  hostPorts: z.array(z.int()),
  /** By what it is seen to hold data (domain/policy/database/signs.ts), whatever it and its image are called. */
  dataSigns: z.array(
    z.object({ kind: z.enum(['strong', 'variables', 'check', 'volume']), what: z.string() }),
  ),
});
export type Container = z.infer<typeof containerSchema>;
