import { z } from 'zod';

/**
 * What WAIT_RETRY looks at to see whether the cause is gone. A field that is absent is taken from the facts
 * that classification captured from the report (`name`, `host`, `port`, `url`).
 */
export const probeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('resolve'), name: z.string().optional() }),
  z.strictObject({
    kind: z.literal('port'),
    host: z.string().optional(),
    port: z.int().min(1).max(65535).optional(),
  }),
  z.strictObject({
    kind: z.literal('database'),
    host: z.string().optional(),
    port: z.int().min(1).max(65535).optional(),
  }),
  z.strictObject({
    kind: z.literal('http'),
    url: z.string().optional(),
    expectStatus: z.int().min(100).max(599).optional(),
  }),
  z.strictObject({ kind: z.literal('container') }),
]);
export type Probe = z.infer<typeof probeSchema>;
