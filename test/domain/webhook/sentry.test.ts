import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { classify, compileRules } from '../../../domain/report/classify.ts';
import { estateSchema } from '../../../domain/estate.ts';
import { readSentry, sentrySchema } from '../../../domain/webhook/sentry.ts';
import { fieldProblems, type ReadAlert } from '../../../domain/webhook/webhook.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const places = estateSchema.parse({
  hosts: { 'ollama-188': { address: '192.0.2.188', user: 'ollama' } },
  targets: { 'momo-web': { host: 'ollama-188' } },
});
const read = (body: object): ReadAlert => readSentry(sentrySchema.parse(body), { places, digest });
const reportOf = (body: object) => {
  const alert = read(body);
  if (!('report' in alert)) throw new Error(JSON.stringify(alert));
  return alert.report;
};
const incidentOf = (body: object): string => classify(reportOf(body), compileRules([])).fingerprint;

const metric = (action: string, more: object = {}) => ({
  action,
  data: {
    description_title: 'Critical: momo-web failure rate',
    description_text: '95% of requests failed in the last 5 minutes',
    web_url: 'https://sentry.example/organizations/o/alerts/rules/details/7/',
    metric_alert: {
      id: '7',
      title: 'momo-web failure rate',
      date_started: '2026-04-19T03:00:00Z',
      alert_rule: {
        id: '3',
        name: 'momo-web failure rate',
        aggregate: 'failure_rate()',
        query: 'container:momo-web',
      },
      ...more,
    },
  },
});

describe('a metric alert', () => {
  it('is a report: what was measured, how bad, since when, and where its query says', () => {
    expect(read(metric('critical')).kind).toBe('firing');
    expect(reportOf(metric('critical'))).toMatchObject({
      source: 'sentry',
      target: 'momo-web',
      severity: 'P1',
      occurredAt: '2026-04-19T03:00:00Z',
      error: {
        type: 'momo-web failure rate',
        message: 'momo-web failure rate: 95% of requests failed in the last 5 minutes',
        traceback: expect.stringContaining('https://sentry.example/') as string,
      },
      alert: { fingerprint: '7' },
    });
    expect(reportOf(metric('warning')).severity).toBe('P3');
    expect(reportOf(metric('open')).severity).toBeUndefined();
  });

  it('is over when that very one is resolved, and goes on when it becomes worse', () => {
    expect(read(metric('resolved')).kind).toBe('resolved');
    for (const action of ['warning', 'resolved'])
      expect(incidentOf(metric(action))).toBe(incidentOf(metric('critical')));
    expect(incidentOf(metric('critical', { id: '8' }))).not.toBe(incidentOf(metric('critical')));
    expect(reportOf(metric('warning')).reportId).not.toBe(reportOf(metric('critical')).reportId);
  });

  it('is read without most of its fields, and left alone for what is no state', () => {
    expect(reportOf({ action: 'critical', data: { metric_alert: {} } }).error.message).toContain(
      'Sentry metric alert',
    );
    expect(reportOf(metric('critical', { alert_rule: null })).target).toBeUndefined();
    expect(read(metric('assigned')).kind).toBe('ignored');
  });

  it('takes no place from what its query excludes', () => {
    const query = '!container:momo-web level:error';
    expect(reportOf(metric('critical', { alert_rule: { query } })).target).toBeUndefined();
  });
});

/** As the old WebHooks plugin sends it. */
const plugin = (more: object = {}) => ({
  id: '27379932',
  project: 'momo',
  level: 'fatal',
  culprit: 'jobs.auto_import in run',
  message: 'This is an example',
  url: 'https://sentry.example/issues/27379932/',
  triggering_rules: [],
  event: {
    event_id: 'fe628bfa48064c9b97ce7e75a19e6197',
    title: 'OperationalError: could not translate host name',
    tags: [
      ['container', 'momo-web'],
      ['level', 'fatal'],
    ],
    'sentry.interfaces.Exception': {
      values: [
        { type: 'OperationalError', value: 'could not translate host name "momo-postgres" to address' },
      ],
    },
    ...more,
  },
});

describe('the old WebHooks plugin', () => {
  it('is read as an event of an integration', () => {
    expect(read(plugin()).kind).toBe('firing');
    expect(reportOf(plugin())).toMatchObject({
      target: 'momo-web',
      severity: 'P1',
      error: {
        type: 'OperationalError',
        message: 'could not translate host name "momo-postgres" to address',
      },
      alert: { fingerprint: '27379932' },
    });
    const modern = { action: 'resolved', data: { issue: { id: '27379932', title: 'OperationalError' } } };
    expect(incidentOf(modern)).toBe(incidentOf(plugin()));
  });

  it('without an exception has its message', () => {
    const event = { 'sentry.interfaces.Exception': undefined, title: undefined };
    expect(reportOf(plugin(event)).error.message).toBe('This is an example');
  });
});

describe('events of issues', () => {
  const event = (issue_id: string, event_id: string) => ({
    action: 'triggered',
    data: { event: { issue_id, event_id, title: 'KeyError: x', tags: [['container', 'momo-web']] } },
  });
  it('of two issues are two incidents, whatever words they share; of one issue one', () => {
    expect(incidentOf(event('1', 'a'))).not.toBe(incidentOf(event('2', 'a')));
    expect(incidentOf(event('1', 'a'))).toBe(incidentOf(event('1', 'b')));
    expect(reportOf(event('1', 'a')).reportId).not.toBe(reportOf(event('1', 'b')).reportId);
  });

  it('keep their place where one tag can’t be read, and as pairs or as keys', () => {
    const tags = [
      [],
      ['a'],
      ['b', 'c', 'd'],
      null,
      7,
      { key: 'container', value: 'momo-web' },
      ['task', null],
    ];
    const body = { action: 'triggered', data: { event: { title: 'x', tags } } };
    expect(reportOf(body)).toMatchObject({ target: 'momo-web', labels: { container: 'momo-web', task: '' } });
  });
});

it.each([
  [{ data: { event: {} } }, ['action']],
  [{ action: 'triggered' }, ['data']],
  [{ action: 7, data: {} }, ['action']],
  [{ id: 'x', event: 7 }, ['event']],
])('%j is refused with the field that is wrong', (body, fields) => {
  const parsed = sentrySchema.safeParse(body);
  expect(parsed.success).toBe(false);
  expect(parsed.error && fieldProblems(parsed.error).map(({ field }) => field)).toEqual(fields);
});
