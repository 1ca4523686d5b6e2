import { z } from 'zod';
import type { KnownPlaces } from './alert-place.ts';
import { seriesOf } from './alert-identity.ts';
import { knownPlaceOf, placeOf } from './alert-place.ts';
import { reportSchema } from './report.ts';
import type { Digest, ReadAlert } from './webhook.ts';
import { boundedLabels, fieldProblems, head, severityOf, timeOf } from './webhook.ts';

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
  tags: z.array(z.tuple([z.string(), z.string().nullable()])).nullish(),
});
type Subject = z.infer<typeof subjectSchema>;

/** Sentry's issue, event-alert and error webhooks (https://docs.sentry.io/organization/integrations/integration-platform/webhooks/). */
export const sentrySchema = z.looseObject({
  action: z.string('must be what happened: "triggered", "created", "resolved" …'),
  data: z.looseObject({
    event: subjectSchema.optional(),
    error: subjectSchema.optional(),
    issue: subjectSchema.optional(),
  }),
});

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
  const traceback = head([...context, ...frames].join('\n'), 500_000);
  return {
    ...(type == null || type === '' ? {} : { type: head(type, 500) }),
    message: head(message == null || message === '' ? 'Sentry sent no message' : message, 100_000),
    ...(traceback === '' ? {} : { traceback }),
  };
};

/** Reads a body that `sentrySchema` has taken. One webhook is one alert. */
export const readSentry = (
  body: z.infer<typeof sentrySchema>,
  context: { places: KnownPlaces | null; digest: Digest },
): ReadAlert => {
  const { action, data } = body;
  const subject = data.event ?? data.error ?? data.issue;
  const name = subject?.title ?? 'Sentry webhook';
  if (subject === undefined)
    return { kind: 'ignored', name, reason: 'it is about neither an event nor an issue' };
  if (action !== 'resolved' && !failing.has(action)) {
    return { kind: 'ignored', name, reason: `"${head(action, 100)}" is not a failure` };
  }
  const tags = Object.fromEntries((subject.tags ?? []).map(([tag, value]) => [tag, value ?? '']));
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
    ...(tags['task'] ? { task: head(tags['task'], 200) } : {}),
    error: errorOf(subject),
    ...(severity === undefined ? {} : { severity }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(subject.tags?.length ? { labels: boundedLabels(tags) } : {}),
    ...(issueId === null
      ? {}
      : {
          alert: {
            fingerprint: head(issueId, 200),
            series: seriesOf('sentry', { issue: issueId }, context.digest),
          },
        }),
    reportId: context.digest(JSON.stringify(['sentry', ...identity])),
  });
  if (!report.success) return { kind: 'invalid', name, problems: fieldProblems(report.error) };
  return { kind: action === 'resolved' ? 'resolved' : 'firing', name, report: report.data };
};
