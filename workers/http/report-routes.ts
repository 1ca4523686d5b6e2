import type { OpenAPIHono } from '@hono/zod-openapi';
import { createRoute, z } from '@hono/zod-openapi';
import type { Report } from '../../domain/report/report.ts';
import { createInFlight } from './in-flight.ts';
import { jsonBody } from './json-body.ts';
import type { HttpMetrics } from './metrics.ts';
import type { Deliver } from './ports.ts';
import { jsonAnswer, writeProblems } from './responses.ts';
import { acceptedBody, actionBody, healedBody, reportBody } from './schemas.ts';

/** Longer waits are cut to this: proxies in between give up at about a minute. */
const MAX_WAIT_SEC = 60;

const waitQuery = z.object({
  wait: z
    .string()
    .regex(/^\d{1,6}$/, 'whole seconds, 0 to 60')
    .optional()
    .openapi({
      description: 'Seconds to wait for the result, at most 60; 0 or absent: answer at once.',
      example: '30',
    }),
});

const responses = {
  200: jsonAnswer(healedBody, 'Healed, or decided, while the caller waited'),
  202: jsonAnswer(acceptedBody, 'Taken: the report is safe and will be dealt with'),
  ...writeProblems,
};
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
});

const exceptionsRoute = createRoute({
  method: 'post',
  path: '/v1/exceptions',
  summary: 'Report a failure',
  security: [{ token: [] }],
  middleware: [jsonBody()],
  request: { query: waitQuery, body: body(reportBody) },
  responses,
});
const actionsRoute = createRoute({
  method: 'post',
  path: '/v1/actions',
  summary: 'Request an action, which policy may refuse',
  security: [{ token: [] }],
  middleware: [jsonBody()],
  request: { query: waitQuery, body: body(actionBody) },
  responses,
});

const placeOf = ({ incidentId }: { incidentId: string }) => ({
  location: `/v1/incidents/${encodeURIComponent(incidentId)}`,
});

/** `POST /v1/exceptions` and `POST /v1/actions`. */
export const addReportRoutes = (
  app: OpenAPIHono,
  ports: { deliver: Deliver; metrics: HttpMetrics | null; maxWaiting: number },
): void => {
  const waiting = createInFlight(ports.maxWaiting);

  const take = async (report: Report, wait: string | undefined) => {
    const waitSec = Math.min(Number(wait ?? 0), MAX_WAIT_SEC);
    // With no place left to wait in, the report is still taken and answered 202.
    const leave = waitSec > 0 ? waiting.enter() : null;
    try {
      const delivered = await ports.deliver.report({ report, ...(leave === null ? {} : { waitSec }) });
      return delivered;
    } finally {
      leave?.();
    }
  };
  app.openapi(exceptionsRoute, async (context) => {
    const { result, ...accepted } = await take(context.req.valid('json'), context.req.valid('query').wait);
    const headers = placeOf(accepted);
    return result === undefined
      ? context.json(accepted, 202, headers)
      : context.json({ ...accepted, ...result }, 200, headers);
  });
  app.openapi(actionsRoute, async (context) => {
    const { result, ...accepted } = await take(context.req.valid('json'), context.req.valid('query').wait);
    const headers = placeOf(accepted);
    return result === undefined
      ? context.json(accepted, 202, headers)
      : context.json({ ...accepted, ...result }, 200, headers);
  });
};
