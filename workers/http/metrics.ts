import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Registry } from 'prom-client';
import { Histogram } from 'prom-client';

/** What the service counts, in a registry of the process's own. */
export const createHttpMetrics = (registry: Registry) => {
  const registers = [registry];
  const requests = new Histogram({
    name: 'autoheal_http_request_duration_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60],
    registers,
  });
  return {
    registry,
    /** Labelled by the route's pattern: a label per address would grow without end. */
    measure: (): MiddlewareHandler => async (context, next) => {
      const stop = requests.startTimer({ method: context.req.method });
      await next();
      stop({ route: routePath(context, -1), status: String(context.res.status) });
    },
  };
};
export type HttpMetrics = ReturnType<typeof createHttpMetrics>;
