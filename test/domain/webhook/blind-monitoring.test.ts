import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { alertmanagerSchema, readAlertmanager } from '../../../domain/webhook/alertmanager.ts';
import { classify, compileRules, rulesOf } from '../../../domain/report/classify.ts';
import { grafanaSchema, readGrafana } from '../../../domain/webhook/grafana.ts';
import type { ReadAlert } from '../../../domain/webhook/webhook.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
/** A rule of an operator's own, which is asked before all that ship. */
const greedy = compileRules(
  rulesOf('own.yaml', [{ errorType: 'CONTAINER_UNHEALTHY', anywhere: '[\\s\\S]*' }]),
);

type Sent = Record<string, unknown> & {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
};
const alertOf = (sent: Sent) => ({
  status: 'firing',
  startsAt: '2026-04-19T03:00:00Z',
  fingerprint: digest(JSON.stringify(sent.labels)),
  annotations: { summary: 'container momo-web is unhealthy' },
  ...sent,
});
const fromGrafana = (sent: Sent): ReadAlert | undefined =>
  readGrafana(grafanaSchema.parse({ alerts: [alertOf(sent)] }), { places: null, digest })[0];
const fromAlertmanager = (sent: Sent): ReadAlert | undefined =>
  readAlertmanager(alertmanagerSchema.parse({ version: '4', alerts: [alertOf(sent)] }), {
    places: null,
    digest,
  })[0];

const graph = (expression: string): string =>
  `http://prometheus.example/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=1`;
const web = { container: 'momo-web', host: 'ollama-188', severity: 'critical' };

describe('an alert of monitoring that is blind', () => {
  it.each<[string, Sent]>([
    ['DatasourceError', { labels: { alertname: 'DatasourceError', rulename: 'ContainerUnhealthy', ...web } }],
    [
      'DatasourceNoData',
      { labels: { alertname: 'DatasourceNoData', rulename: 'ContainerUnhealthy', ...web } },
    ],
    ...['Error', 'NoData', 'NoData, KeepLast', 'Error, KeepLast'].map((reason): [string, Sent] => [
      `the rule’s own name, for the reason ${reason}`,
      {
        labels: { alertname: 'ContainerUnhealthy', ...web },
        annotations: { summary: 'container momo-web is unhealthy', grafana_state_reason: reason },
      },
    ]),
    ['a reason among its labels', { labels: { alertname: 'X', grafana_state_reason: 'NoData', ...web } }],
    ['TargetDown', { labels: { alertname: 'TargetDown', job: 'cadvisor', ...web } }],
    [
      'PrometheusTargetMissing',
      { labels: { alertname: 'PrometheusTargetMissing', instance: 'momo-web:8080' } },
    ],
    ['PrometheusAllTargetsMissing', { labels: { alertname: 'PrometheusAllTargetsMissing', ...web } }],
    ['PrometheusJobMissing', { labels: { alertname: 'PrometheusJobMissing', ...web } }],
    ['CadvisorDown', { labels: { alertname: 'CadvisorDown', ...web } }],
    ['NodeExporterDown', { labels: { alertname: 'NodeExporterDown', instance: '192.0.2.188:9100' } }],
    ['ScrapeFailed', { labels: { alertname: 'ScrapeFailed', ...web } }],
    ['MetricsAbsent', { labels: { alertname: 'WebMetricsAbsent', ...web } }],
    [
      'a rule over an absent series',
      { labels: { alertname: 'WebGone', ...web }, generatorURL: graph('absent(up{job="web"})') },
    ],
    [
      'one that was absent for a while',
      { labels: { alertname: 'W', ...web }, generatorURL: graph('absent_over_time(orders_total[10m]) == 1') },
    ],
    [
      'an exporter that is not up',
      {
        labels: { alertname: 'InstanceDown', job: 'node-exporter', instance: '192.0.2.188:9100' },
        generatorURL: graph('up == 0'),
      },
    ],
    [
      'the same without its expression',
      { labels: { alertname: 'InstanceDown', instance: 'node-exporter:9100' } },
    ],
  ])('(%s) is about no target, whatever the rule’s words are', (_, sent) => {
    for (const alert of [fromGrafana(sent), fromAlertmanager(sent)]) {
      if (alert?.kind !== 'firing') throw new Error(JSON.stringify(alert));
      const { report } = alert;
      expect(report.target).toBeUndefined();
      expect(report.host).toBeUndefined();
      expect(report.error.message).toMatch(/^monitoring is blind: /);
      expect(report.labels).toMatchObject(sent.labels);
      expect(classify(report, greedy)).toMatchObject({ errorType: 'MONITORING_BLIND', facts: {} });
    }
  });

  it.each<[string, Sent]>([
    ['a container’s health', { labels: { alertname: 'ContainerUnhealthy', ...web } }],
    [
      'an alerting state without a reason',
      { labels: { alertname: 'C', ...web }, annotations: { grafana_state_reason: '' } },
    ],
    ['a job that failed', { labels: { alertname: 'BatchJobFailed', ...web } }],
    [
      'an application that is not up',
      {
        labels: { alertname: 'InstanceDown', job: 'web', instance: 'momo-web:8080' },
        generatorURL: graph('up{job="web"} == 0'),
      },
    ],
    [
      'an error rate',
      { labels: { alertname: 'HighErrorRate', ...web }, generatorURL: graph('rate(errors_total[5m]) > 1') },
    ],
    [
      'a container that nobody sees',
      {
        labels: { alertname: 'ContainerAbsent', ...web },
        generatorURL: graph('absent(container_last_seen{name="momo-web"})'),
      },
    ],
    [
      'a measured value of an exporter',
      {
        labels: { alertname: 'DiskFull', job: 'node-exporter', instance: '192.0.2.188:9100' },
        generatorURL: graph('node_filesystem_avail_bytes < 10'),
      },
    ],
  ])('is not one about %s', (_, sent) => {
    const alert = fromAlertmanager(sent);
    expect(alert).toMatchObject({ kind: 'firing' });
    expect(alert !== undefined && 'report' in alert && alert.report.alert).not.toHaveProperty('blind');
  });

  it('is one incident for a data source, however many rules ask it, and another than what the rule finds', () => {
    const of = (labels: Record<string, string>, annotations?: Record<string, string>) => {
      const alert = fromGrafana({ labels, ...(annotations && { annotations }) });
      if (alert === undefined || !('report' in alert)) throw new Error(JSON.stringify(alert));
      return classify(alert.report, greedy).fingerprint;
    };
    const blind = { alertname: 'DatasourceError', datasource_uid: 'PBFA' };
    expect(of({ ...blind, rulename: 'A' })).toBe(of({ ...blind, rulename: 'B' }));
    expect(of({ ...blind, rulename: 'A' })).not.toBe(
      of({ ...blind, datasource_uid: 'other', rulename: 'A' }),
    );
    const own = { alertname: 'ContainerUnhealthy', ...web };
    expect(of(own)).not.toBe(of(own, { grafana_state_reason: 'Error' }));
  });
});

it.each(['MissingSeries', 'Paused', 'Updated', 'RuleDeleted', 'NoData', 'Error'])(
  'an alert that Grafana ends for %s is not over because its cause is gone',
  (reason) => {
    const labels = { alertname: 'ContainerUnhealthy', ...web };
    const ended = fromGrafana({ status: 'resolved', labels, annotations: { grafana_state_reason: reason } });
    expect(ended).toMatchObject({ kind: 'ignored', reason: expect.stringContaining(reason) as string });
    expect(fromGrafana({ status: 'resolved', labels })).toMatchObject({ kind: 'resolved' });
  },
);
