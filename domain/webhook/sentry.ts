import { z } from 'zod';
import type { KnownPlaces } from './alert-place.ts';
import { seriesOf } from './alert-identity.ts';
import { knownPlaceOf, placeOf } from './alert-place.ts';
import { reportSchema } from '../report/report.ts';
import { metricAlertSchema, readMetricAlert } from './sentry-metric-alert.ts';
import type { Digest, ReadAlert } from './webhook.ts';
import { boundedLabels, fieldProblems, headOf, severityOf, timeOf } from './webhook.ts';

const frameSchema = z.looseObject({
  filename: z.string().nullish(),
  function: z.string().nullish(),
  lineno: z.number().nullish(),
});
const exceptionSchema = z.looseObject({
  type: z.string().nullish(),
  value: z.string().nullish(),
  stacktrace: z.looseObject({ frames: z.array(frameSchema).nullish() }).nullish(),
});

/** What events and issues share, and what only one of them has. */
const subjectSchema = z.looseObject({
  title: z.string().nullish(),
  culprit: z.string().nullish(),
  level: z.string().nullish(),
  web_url: z.string().nullish(),
  permalink: z.string().nullish(),
  message: z.string().nullish(),
  // An issue's `id` stays the same through its events; `event_id` is one event's.
  id: z.union([z.string(), z.number()]).nullish(),
  event_id: z.string().nullish(),
  issue_id: z.union([z.string(), z.number()]).nullish(),
  datetime: z.string().nullish(),
  lastSeen: z.string().nullish(),
  metadata: z.looseObject({ type: z.string().nullish(), value: z.string().nullish() }).nullish(),
  exception: z.looseObject({ values: z.array(exceptionSchema).nullish() }).nullish(),
  /** Pairs of name and value. One that is none is passed over: it must not lose an alert. */
  tags: z.array(z.unknown()).nullish(),
});
type Subject = z.infer<typeof subjectSchema>;

/**
 * Sentry's issue, event-alert, error and metric-alert webhooks
 * (https://docs.sentry.io/organization/integrations/integration-platform/webhooks/).
 */
const integrationSchema = z.looseObject({
  action: z.string('must be what happened: "triggered", "created", "critical", "resolved" …'),
  data: z.looseObject({
    event: subjectSchema.nullish(),
    error: subjectSchema.nullish(),
    issue: subjectSchema.nullish(),
    metric_alert: metricAlertSchema.nullish(),
    description_title: z.string().nullish(),
    description_text: z.string().nullish(),
    web_url: z.string().nullish(),
  }),
});

/** The old WebHooks plugin: an event with its issue's id beside it, and no word of what happened to it. */
const pluginSchema = z.looseObject({
  id: z.union([z.string(), z.number()]),
  message: z.string().nullish(),
  level: z.string().nullish(),
  culprit: z.string().nullish(),
  url: z.string().nullish(),
  event: subjectSchema.extend({ 'sentry.interfaces.Exception': subjectSchema.shape.exception }),
});

export const sentrySchema = z.union([integrationSchema, pluginSchema]);
type Integration = z.infer<typeof integrationSchema>;

/** What the plugin sends, as an integration would have sent it. */
const asIntegration = (body: z.infer<typeof sentrySchema>): Integration => {
  if ('data' in body) return body as Integration;
  const { id, message, level, culprit, url, event } = body;
  const exception = event.exception ?? event['sentry.interfaces.Exception'];
  const told = { message, level, culprit, web_url: url };
  return {
    action: 'triggered',
    data: { event: { ...withoutNulls(told), ...withoutNulls(event), exception, issue_id: String(id) } },
  };
};
const withoutNulls = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Partial<T>;

/** `[name, value]` pairs, as Sentry sends them; `{key, value}` as its API does. */
const tagsOf = (tags: Subject['tags']): Record<string, string> =>
  Object.fromEntries(
    (tags ?? []).flatMap((tag): [string, string][] => {
      const pair = tagSchema.safeParse(tag);
      return pair.success ? [[pair.data[0], pair.data[1] ?? '']] : [];
    }),
  );
const tagSchema = z.union([
  z.tuple([z.string(), z.string().nullable()]),
  z
    .looseObject({ key: z.string(), value: z.string().nullable() })
    .transform(({ key, value }): [string, string | null] => [key, value]),
]);

/** Actions on an issue that are a failure; the others are people's housekeeping. */
const failing = new Set(['triggered', 'created', 'unresolved']);

const errorOf = (subject: Subject) => {
  // Sentry lists a chain from its cause to what was raised last.
  const values = subject.exception?.values ?? [];
  const last = values.at(-1);
  const type = last?.type ?? subject.metadata?.type;
  const message = last?.value ?? subject.metadata?.value ?? subject.message ?? subject.title;
  const frames = values.flatMap((value) => [
    ...(value.stacktrace?.frames ?? []).map(
      (frame) => `  File "${frame.filename ?? '?'}", line ${frame.lineno ?? 0}, in ${frame.function ?? '?'}`,
    ),
    `${value.type ?? 'Error'}: ${value.value ?? ''}`,
  ]);
  const context = [subject.culprit, subject.web_url ?? subject.permalink].filter((line) => line != null);
  const traceback = headOf([...context, ...frames].join('\n'), 500_000);
  return {
    ...(type == null || type === '' ? {} : { type: headOf(type, 500) }),
    message: headOf(message == null || message === '' ? 'Sentry sent no message' : message, 100_000),
    ...(traceback === '' ? {} : { traceback }),
  };
};

/** Reads a body that `sentrySchema` has taken. One webhook is one alert. */
export const readSentry = (
  body: z.infer<typeof sentrySchema>,
  context: { places: KnownPlaces | null; digest: Digest },
): ReadAlert => {
  const { action, data } = asIntegration(body);
  if (data.metric_alert != null) return readMetricAlert(action, data.metric_alert, data, context);
  const subject = data.event ?? data.error ?? data.issue;
  const name = subject?.title ?? 'Sentry webhook';
  if (subject == null)
    return { kind: 'ignored', name, reason: 'it is about neither an event, an issue nor a metric alert' };
  if (action !== 'resolved' && !failing.has(action)) {
    return { kind: 'ignored', name, reason: `"${headOf(action, 100)}" is not a failure` };
  }
  const tags = tagsOf(subject.tags);
  const severity = subject.level === 'error' ? undefined : severityOf(subject.level ?? undefined);
  const occurredAt = timeOf(subject.datetime ?? subject.lastSeen ?? undefined);
  const identity = [
    subject.event_id ?? null,
    subject.issue_id ?? subject.id ?? null,
    action,
    subject.lastSeen ?? null,
  ];
  // An event's own id is no issue's.
  const issue = subject.issue_id ?? (subject === data.issue ? subject.id : null);
  const issueId = issue == null || issue === '' ? null : String(issue);
  const report = reportSchema.safeParse({
    source: 'sentry',
    // The machine that sent the event: a container's random name more often than not.
    ...knownPlaceOf(tags['server_name'] ?? '', context.places),
    ...placeOf(tags, context.places),
    ...(tags['task'] ? { task: headOf(tags['task'], 200) } : {}),
    error: errorOf(subject),
    ...(severity === undefined ? {} : { severity }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(Object.keys(tags).length > 0 ? { labels: boundedLabels(tags) } : {}),
    ...(issueId === null
      ? {}
      : {
          alert: {
            fingerprint: headOf(issueId, 200),
            series: seriesOf('sentry', { issue: issueId }, context.digest),
          },
        }),
    reportId: context.digest(JSON.stringify(['sentry', ...identity])),
  });
  if (!report.success) return { kind: 'invalid', name, problems: fieldProblems(report.error) };
  return { kind: action === 'resolved' ? 'resolved' : 'firing', name, report: report.data };
};
