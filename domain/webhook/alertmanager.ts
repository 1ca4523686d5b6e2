import { z } from 'zod';
import type { KnownPlaces } from './alert-place.ts';
import { seriesOf } from './alert-identity.ts';
import { placeOf } from './alert-place.ts';
import { blindness, stateReason } from './blind-monitoring.ts';
import type { Report } from '../report/report.ts';
import { reportSchema } from '../report/report.ts';
import type { Digest, ReadAlert } from './webhook.ts';
import { boundedLabels, fieldProblems, headOf, severityOf, timeOf } from './webhook.ts';

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
    type: headOf(name, 500),
    message: headOf(`${name}: ${message}`, 100_000),
    // Kept apart: its wording may change from one evaluation to the next, and the message makes the fingerprint.
    ...(details === undefined || details === '' ? {} : { traceback: headOf(details, 500_000) }),
  };
};

/** What the rule would say is left to the labels: nobody has measured it. */
const blindTextOf = (name: string, annotations: Readonly<Record<string, string>>, blind: string) => {
  const rest = Object.entries(annotations).map(([key, value]) => `${key}: ${value}`);
  return {
    type: headOf(name, 500),
    message: headOf(`monitoring is blind: ${blind}`, 100_000),
    ...(rest.length === 0 ? {} : { traceback: headOf(rest.join('\n'), 500_000) }),
  };
};

const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

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
  const annotations = alert.annotations ?? {};
  const reason = stateReason({ labels, annotations });
  if (alert.status === 'resolved' && reason !== '') {
    const detail = `Grafana ends it for ${headOf(reason, 100)}: that does not say that the cause is gone`;
    return { kind: 'ignored', name, reason: detail };
  }
  const blind = blindness({ name, labels, annotations, generatorURL: alert.generatorURL });
  const severity = severityOf(labels['severity'] ?? labels['priority']);
  const occurredAt = timeOf(alert.startsAt);
  const details = context.details?.(alert) ?? '';
  const error = blind === null ? textOf(name, annotations) : blindTextOf(name, annotations, blind);
  const datasource = blind === null ? undefined : labels['datasource_uid'];
  const series = seriesOf(
    context.source,
    datasource === undefined ? labels : { datasource_uid: datasource },
    context.digest,
  );
  const identity = alert.fingerprint || context.digest(JSON.stringify(Object.entries(labels).sort(byName)));
  const report = reportSchema.safeParse({
    source: context.source,
    // Where monitoring is blind nothing is known of what the rule is about: it is no target.
    ...(blind === null ? placeOf(labels, context.places) : {}),
    ...(labels['task'] === undefined ? {} : { task: labels['task'] }),
    error:
      details === ''
        ? error
        : { ...error, traceback: headOf([error.traceback, details].filter(Boolean).join('\n'), 500_000) },
    ...(severity === undefined ? {} : { severity }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    labels: boundedLabels(labels),
    alert: { fingerprint: identity, series, ...(blind === null ? {} : { blind: headOf(blind, 500) }) },
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
