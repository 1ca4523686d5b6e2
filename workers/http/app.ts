import { OpenAPIHono } from '@hono/zod-openapi';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { KnownPlaces } from '../../domain/webhook/alert-place.ts';
import { fieldProblems } from '../../domain/webhook/webhook.ts';
import { access } from './access.ts';
import { addIncidentRoutes } from './incident-routes.ts';
import { createInFlight, limitInFlight } from './in-flight.ts';
import { limitBody } from './limit-body.ts';
import type { HttpMetrics } from './metrics.ts';
import type { Deliver, Health, IncidentReader } from './ports.ts';
import { HttpProblem, answerError, problemResponse } from './problem.ts';
import { addReportRoutes } from './report-routes.ts';
import { addSystemRoutes } from './system-routes.ts';
import { addWebhookRoutes } from './webhook-routes.ts';

const maxBodyBytes = 1024 * 1024;

const webhooks = new Set(['/v1/alertmanager', '/v1/grafana', '/v1/sentry']);

export interface AppOptions {
  deliver: Deliver;
  incidents: IncidentReader;
  health: Health;
  /** Bearer token of `/v1`; null only while the service listens on loopback. */
  token: string | null;
  /** Client secret that signs Sentry's webhooks. */
  sentrySecret?: string;
  /** Hosts and targets of the estate file, to tell them apart in alerts' labels. */
  places?: KnownPlaces;
  metrics?: HttpMetrics;
  /** Requests under way at once before new ones are turned away. */
  maxInFlight?: number;
  /** Told what no sender may see: unforeseen errors in full. */
  log?: (message: string, error: unknown) => void;
}

/** The HTTP service of contract.md. Everything it stands on is handed in. */
export const createApp = (options: AppOptions): OpenAPIHono => {
  const maxInFlight = options.maxInFlight ?? 500;
  const metrics = options.metrics ?? null;
  const log = options.log ?? (() => undefined);
  const ports = {
    ...options,
    metrics,
    log,
    places: options.places ?? null,
    maxWaiting: Math.ceil(maxInFlight / 2),
  };
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return;
      const errors = fieldProblems(result.error, result.target === 'json' ? [] : [result.target]);
      const first = errors.map(({ field, detail }) => `${field}: ${detail}`).slice(0, 3);
      throw new HttpProblem(400, `Correct ${first.join('; ')}.`, { errors });
    },
  });
  app.onError(answerError(log));
  app.notFound((context) =>
    problemResponse(new HttpProblem(404, `There is nothing at ${context.req.path}. See /openapi.json.`)),
  );
  if (metrics !== null) app.use(metrics.measure());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (context, methods) => {
        const allow = methods.join(', ');
        const detail = `${context.req.path} takes ${allow}.`;
        return problemResponse(new HttpProblem(405, detail, { headers: { allow } }));
      },
    }),
  );
  app.use(
    '/v1/*',
    limitBody({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new HttpProblem(413, 'A body may have 1 MiB at most. Send the end of the traceback only.', {
          headers: { connection: 'close' },
        });
      },
    }),
    access({ token: options.token, sentrySecret: options.sentrySecret ?? null }),
    limitInFlight(createInFlight(maxInFlight), (path) => (webhooks.has(path) ? 503 : 429)),
  );
  addReportRoutes(app, ports);
  addWebhookRoutes(app, ports);
  addIncidentRoutes(app, options.incidents);
  addSystemRoutes(app, ports);
  return app;
};
