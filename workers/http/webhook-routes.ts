import { createHash } from 'node:crypto';
import type { OpenAPIHono, z } from '@hono/zod-openapi';
import { createRoute } from '@hono/zod-openapi';
import type { KnownPlaces } from '../../domain/webhook/alert-place.ts';
import { alertmanagerSchema, readAlertmanager } from '../../domain/webhook/alertmanager.ts';
import { grafanaSchema, readGrafana } from '../../domain/webhook/grafana.ts';
import { readSentry, sentrySchema } from '../../domain/webhook/sentry.ts';
import type { ReadAlert } from '../../domain/webhook/webhook.ts';
import { jsonBody } from './json-body.ts';
import type { HttpMetrics } from './metrics.ts';
import type { Deliver } from './ports.ts';
import { jsonAnswer, writeProblems } from './responses.ts';
import { webhookBody } from './schemas.ts';
import { takeAlerts } from './take-alerts.ts';

const RETRY_AFTER_SEC = 5;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

const webhookRoute = <Path extends string, Schema extends z.ZodType>(
  path: Path,
  schema: Schema,
  summary: string,
) =>
  createRoute({
    method: 'post',
    path,
    summary,
    security: [{ token: [] }],
    middleware: [jsonBody()],
    request: { body: { required: true, content: { 'application/json': { schema } } } },
    responses: {
      202: jsonAnswer(webhookBody, 'Every valid alert was taken'),
      207: jsonAnswer(webhookBody, 'Some alerts are not valid; the others were taken'),
      ...writeProblems,
      503: jsonAnswer(webhookBody, 'Some alerts could not be taken now: send the webhook again'),
    },
  });

const alertmanagerRoute = webhookRoute(
  '/v1/alertmanager',
  alertmanagerSchema,
  'Alertmanager’s webhook, version 4',
);
const grafanaRoute = webhookRoute('/v1/grafana', grafanaSchema, 'Grafana’s webhook contact point');
const sentryRoute = webhookRoute('/v1/sentry', sentrySchema, 'Sentry’s issue and event-alert webhooks');

/** `POST /v1/alertmanager`, `/v1/grafana` and `/v1/sentry`. */
export const addWebhookRoutes = (
  app: OpenAPIHono,
  ports: {
    deliver: Deliver;
    metrics: HttpMetrics | null;
    places: KnownPlaces | null;
    log: (message: string, error: unknown) => void;
  },
): void => {
  const reading = { places: ports.places, digest };

  const take = async (alerts: readonly ReadAlert[], truncatedAlerts: unknown) => {
    const { status, answers } = await takeAlerts(alerts, ports);
    const accepted = answers.filter(({ outcome }) => outcome === 'accepted' || outcome === 'closed').length;
    // Alertmanager's own limit dropped some before they were sent: only a person can raise it.
    const truncated = typeof truncatedAlerts === 'number' && truncatedAlerts > 0 ? { truncatedAlerts } : {};
    return {
      status,
      body: { accepted, alerts: answers, ...truncated },
      headers: status === 503 ? { 'retry-after': String(RETRY_AFTER_SEC) } : undefined,
    };
  };
  app.openapi(alertmanagerRoute, async (context) => {
    const body = context.req.valid('json');
    const answer = await take(readAlertmanager(body, reading), body.truncatedAlerts);
    return context.json(answer.body, answer.status, answer.headers);
  });
  app.openapi(grafanaRoute, async (context) => {
    const body = context.req.valid('json');
    const answer = await take(readGrafana(body, reading), body.truncatedAlerts);
    return context.json(answer.body, answer.status, answer.headers);
  });
  app.openapi(sentryRoute, async (context) => {
    const answer = await take([readSentry(context.req.valid('json'), reading)], 0);
    return context.json(answer.body, answer.status, answer.headers);
  });
};
