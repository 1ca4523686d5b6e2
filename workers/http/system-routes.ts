import type { OpenAPIHono } from '@hono/zod-openapi';
import { createRoute, z } from '@hono/zod-openapi';
import type { HttpMetrics } from './metrics.ts';
import type { Health } from './ports.ts';
import { jsonAnswer } from './responses.ts';
import { partsBody } from './schemas.ts';

const healthzRoute = createRoute({
  method: 'get',
  path: '/healthz',
  summary: 'Is the process alive?',
  responses: { 200: jsonAnswer(z.object({ status: z.literal('ok') }), 'It is') },
});
const readyzRoute = createRoute({
  method: 'get',
  path: '/readyz',
  summary: 'Can reports be taken?',
  responses: {
    200: jsonAnswer(partsBody, 'Everything that is required is there'),
    503: jsonAnswer(partsBody, 'Something that is required is away'),
  },
});
const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Figures for Prometheus',
  responses: {
    200: { description: 'Prometheus’ text format', content: { 'text/plain': { schema: z.string() } } },
  },
});

/** `GET /healthz`, `/readyz`, `/metrics` and `/openapi.json`: open to probes and scrapers, they tell no secrets. */
export const addSystemRoutes = (
  app: OpenAPIHono,
  ports: { health: Health; metrics: HttpMetrics | null },
): void => {
  app.openapi(healthzRoute, (context) => context.json({ status: 'ok' as const }, 200));
  app.openapi(readyzRoute, async (context) => {
    const parts = await ports.health();
    const ready = Object.values(parts).every((part) => part.ok || !part.required);
    return ready
      ? context.json({ status: 'ok' as const, parts }, 200)
      : context.json({ status: 'away' as const, parts }, 503);
  });
  app.openapi(metricsRoute, async (context) => {
    const text = (await ports.metrics?.registry.metrics()) ?? '';
    return context.text(text, 200, { 'content-type': ports.metrics?.registry.contentType ?? 'text/plain' });
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'AUTOHEAL_API_TOKEN; not needed while the service listens on loopback without one.',
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'AutoHeal',
      version: '1',
      description:
        'Reports of failures in, verdicts out. Senders retry on 429 and 503; the same `reportId` is counted once.',
    },
  });
};
