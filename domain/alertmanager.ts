import { z } from 'zod';
import type { KnownPlaces } from './alert-place.ts';
import { placeOf } from './alert-place.ts';
import type { Report } from './report.ts';
import { reportSchema } from './report.ts';
import type { Digest, ReadAlert } from './webhook.ts';
import { boundedLabels, fieldProblems, head, severityOf, timeOf } from './webhook.ts';

/**
 * Alertmanager's webhook, payload version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
 * The alerts are read one by one, so that a bad one doesn't drop the others.
 */
export const alertmanagerSchema = z.looseObject({
  version: z.literal('4', 'must be "4", the payload version of Alertmanager’s webhook'),
  status: z.enum(['firing', 'resolved']).optional(),
  alerts: z.array(z.unknown()).min(1, 'must hold at least one alert').max(1000, 'at most 1000 alerts'),
  truncatedAlerts: z.number().optional(),
});

/** One alert, the part that Alertmanager and Grafana share. */
const alertSchema = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()).nullish(),
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
  fingerprint: z.string().max(200).optional(),
  generatorURL: z.string().nullish(),
});
export type Alert = z.infer<typeof alertSchema>;

/** Alerts that fire for ever by design, to prove that alerting works. */
const heartbeats = new Set(['Watchdog', 'DeadMansSwitch', 'InfoInhibitor']);

const textOf = (name: string, annotations: Readonly<Record<string, string>>) => {
  const summary = annotations['summary'] ?? annotations['message'] ?? annotations['title'];
  const message = summary ?? annotations['description'] ?? 'the alert brings no summary';
  const details = summary === undefined ? undefined : annotations['description'];
  return {
    type: head(name, 500),
    message: head(`${name}: ${message}`, 100_000),
    // Kept apart: its wording may change from one evaluation to the next, and the message makes the fingerprint.
    ...(details === undefined || details === '' ? {} : { traceback: head(details, 500_000) }),
  };
};

/** Turns one alert into what it means for AutoHeal. The report's id is made of its fingerprint and its beginning. */
export const readAlert = (
  raw: unknown,
  index: number,
  context: {
    source: Report['source'];
    places: KnownPlaces | null;
    digest: Digest;
    details?: (alert: Alert) => string;
  },
): ReadAlert => {
  const parsed = alertSchema.safeParse(raw);
  if (!parsed.success) {
    return {
      kind: 'invalid',
      name: `alerts[${index}]`,
      problems: fieldProblems(parsed.error, ['alerts', index]),
    };
  }
  const alert = parsed.data;
  const { labels } = alert;
  const name = labels['alertname'] ?? 'alert without a name';
  if (heartbeats.has(name) || labels['severity'] === 'none') {
    return { kind: 'ignored', name, reason: 'a heartbeat of the alerting system, not a failure' };
  }
  const severity = severityOf(labels['severity'] ?? labels['priority']);
  const occurredAt = timeOf(alert.startsAt);
  const details = context.details?.(alert) ?? '';
  const error = textOf(name, alert.annotations ?? {});
  const identity = alert.fingerprint ?? Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const report = reportSchema.safeParse({
    source: context.source,
    ...placeOf(labels, context.places),
    ...(labels['task'] === undefined ? {} : { task: labels['task'] }),
    error:
      details === ''
        ? error
        : { ...error, traceback: head([error.traceback, details].filter(Boolean).join('\n'), 500_000) },
    ...(severity === undefined ? {} : { severity }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    labels: boundedLabels(labels),
    reportId: context.digest(JSON.stringify([context.source, identity, alert.startsAt ?? null])),
  });
  if (!report.success)
    return { kind: 'invalid', name, problems: fieldProblems(report.error, ['alerts', index]) };
  return { kind: alert.status, name, report: report.data };
};

/** Reads a whole body that `alertmanagerSchema` has taken. */
export const readAlertmanager = (
  body: z.infer<typeof alertmanagerSchema>,
  context: { places: KnownPlaces | null; digest: Digest },
): ReadAlert[] =>
  body.alerts.map((alert, index) => readAlert(alert, index, { source: 'alertmanager', ...context }));
