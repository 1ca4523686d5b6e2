import { z } from 'zod';
import { seriesOf } from './alert-identity.ts';
import type { KnownPlaces } from './alert-place.ts';
import { placeOf } from './alert-place.ts';
import { reportSchema } from '../report/report.ts';
import type { Digest, ReadAlert } from './webhook.ts';
import { fieldProblems, headOf, severityOf, timeOf } from './webhook.ts';

const id = z.union([z.string(), z.number()]).nullish();

/** Sentry's metric alert: a measure, a failure rate say, has crossed a threshold of its rule. */
export const metricAlertSchema = z.looseObject({
  id,
  title: z.string().nullish(),
  date_started: z.string().nullish(),
  alert_rule: z
    .looseObject({
      id,
      name: z.string().nullish(),
      aggregate: z.string().nullish(),
      query: z.string().nullish(),
    })
    .nullish(),
});

/** What stands beside it in the webhook's `data`. */
interface Beside {
  description_title?: string | null | undefined;
  description_text?: string | null | undefined;
  web_url?: string | null | undefined;
}

const severities: Readonly<Record<string, string>> = { critical: 'critical', warning: 'warning' };

/** One opening of a metric alert is one alert: `critical` and `warning` are how bad it is, `resolved` is its end. */
export const readMetricAlert = (
  action: string,
  alert: z.infer<typeof metricAlertSchema>,
  beside: Beside,
  context: { places: KnownPlaces | null; digest: Digest },
): ReadAlert => {
  const rule = alert.alert_rule;
  const name = alert.title ?? rule?.name ?? 'Sentry metric alert';
  if (action !== 'resolved' && action !== 'open' && !Object.hasOwn(severities, action)) {
    return { kind: 'ignored', name, reason: `"${headOf(action, 100)}" is not a failure` };
  }
  const identity = String(alert.id ?? rule?.id ?? name);
  const severity = severityOf(severities[action]);
  const occurredAt = timeOf(alert.date_started ?? undefined);
  const words = [beside.description_text, beside.description_title].filter(
    (text) => text != null && text !== '',
  );
  const details = [beside.description_title, rule?.aggregate, rule?.query, beside.web_url].filter(
    (line) => line != null && line !== '',
  );
  const report = reportSchema.safeParse({
    source: 'sentry',
    ...placeOf(tagsIn(rule?.query ?? ''), context.places),
    error: {
      type: headOf(name, 500),
      message: headOf(`${name}: ${words[0] ?? 'Sentry sent no description'}`, 100_000),
      ...(details.length === 0 ? {} : { traceback: headOf(details.join('\n'), 500_000) }),
    },
    ...(severity === undefined ? {} : { severity }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    alert: {
      fingerprint: headOf(identity, 200),
      series: seriesOf('sentry', { metric_alert: identity }, context.digest),
    },
    reportId: context.digest(
      JSON.stringify(['sentry', 'metric', identity, action, alert.date_started ?? null]),
    ),
  });
  if (!report.success) return { kind: 'invalid', name, problems: fieldProblems(report.error) };
  return { kind: action === 'resolved' ? 'resolved' : 'firing', name, report: report.data };
};

/** `container:momo-web server_name:"ollama-188"`: what the rule's query is narrowed to. */
const tagsIn = (query: string): Record<string, string> =>
  Object.fromEntries(
    [...query.slice(0, 2000).matchAll(/(?<![\w.!])([a-z_]{1,40}):"?([A-Za-z0-9_.:-]{1,200})"?/g)].map(
      ([, tag = '', value = '']) => [tag, value],
    ),
  );
