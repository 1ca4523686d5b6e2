import type { OpenAPIHono } from '@hono/zod-openapi';
import { createRoute, z } from '@hono/zod-openapi';
import { incidentStatusSchema } from '../../domain/vocabulary/schema.ts';
import type { IncidentReader } from './ports.ts';
import { HttpProblem } from './problem.ts';
import { jsonAnswer, notFoundProblem, readProblems } from './responses.ts';
import { incidentBody, incidentsBody } from './schemas.ts';

/** What PostgreSQL can hold: it has no year 0. */
function isStorable(time: string): boolean {
  const year = new Date(time).getUTCFullYear();
  return year >= 1 && year <= 9999;
}

const listRoute = createRoute({
  method: 'get',
  path: '/v1/incidents',
  summary: 'Incidents, the newest first',
  security: [{ token: [] }],
  request: {
    query: z.strictObject({
      status: incidentStatusSchema.optional(),
      limit: z
        .string()
        .regex(/^([1-9]\d?|[1-4]\d\d|500)$/, 'a number from 1 to 500')
        .default('50'),
      before: z.iso
        .datetime({ offset: true, error: 'an ISO time with an offset, as 2026-04-19T03:00:00Z' })
        .refine(isStorable, 'a time of the years 1 to 9999')
        .optional()
        .openapi({ description: 'Only incidents first seen before this time.' }),
    }),
  },
  responses: { 200: jsonAnswer(incidentsBody, 'A page of incidents'), ...readProblems },
});

const showRoute = createRoute({
  method: 'get',
  path: '/v1/incidents/{id}',
  summary: 'One incident with its heal logs and insight',
  security: [{ token: [] }],
  request: { params: z.object({ id: z.uuid('an incident id, a UUID') }) },
  responses: { 200: jsonAnswer(incidentBody, 'The incident'), ...readProblems, 404: notFoundProblem },
});

const nextPage = (
  page: readonly object[],
  query: { status?: string | undefined; limit: number },
): string | null => {
  const last = page.at(-1);
  if (last === undefined || page.length < query.limit || !('firstSeenAt' in last)) return null;
  const { firstSeenAt } = last;
  const before = firstSeenAt instanceof Date ? firstSeenAt.toISOString() : String(firstSeenAt);
  const parameters = {
    ...(query.status === undefined ? {} : { status: query.status }),
    limit: String(query.limit),
    before,
  };
  return `/v1/incidents?${new URLSearchParams(parameters).toString()}`;
};

/** `GET /v1/incidents` and `GET /v1/incidents/{id}`. */
export const addIncidentRoutes = (app: OpenAPIHono, incidents: IncidentReader): void => {
  app.openapi(listRoute, async (context) => {
    const { status, before, ...rest } = context.req.valid('query');
    const limit = Number(rest.limit);
    const filters = {
      ...(status === undefined ? {} : { status }),
      // In UTC: the database knows offsets of less than 16 hours only.
      ...(before === undefined ? {} : { before: new Date(before).toISOString() }),
    };
    const page = await incidents.list({ limit, ...filters });
    return context.json(
      { incidents: page.map((each) => ({ ...each })), next: nextPage(page, { status, limit }) },
      200,
    );
  });
  app.openapi(showRoute, async (context) => {
    const { id } = context.req.valid('param');
    const incident = await incidents.show(id);
    if (incident === null) {
      throw new HttpProblem(
        404,
        `No incident ${id} is on record. One that is just opening may not be written yet.`,
      );
    }
    return context.json({ ...incident }, 200);
  });
};
