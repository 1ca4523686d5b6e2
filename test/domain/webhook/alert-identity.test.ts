import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { alertmanagerSchema, readAlertmanager } from '../../../domain/webhook/alertmanager.ts';
import { classify, compileRules } from '../../../domain/report/classify.ts';
import type { ReadAlert } from '../../../domain/webhook/webhook.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const rules = compileRules([]);

interface Sent {
  labels: Record<string, string>;
  summary?: string;
  fingerprint?: string;
  status?: 'firing' | 'resolved';
}

const read = (...sent: Sent[]): Extract<ReadAlert, { report: unknown }>[] => {
  const alerts = sent.map(({ labels, summary = 'request timed out', status = 'firing', fingerprint }) => ({
    status,
    labels: { alertname: 'UpstreamSlow', ...labels },
    annotations: { summary },
    startsAt: '2026-04-19T03:00:00Z',
    fingerprint,
  }));
  const body = alertmanagerSchema.parse({ version: '4', alerts });
  return readAlertmanager(body, { places: null, digest }).map((alert) => {
    if (!('report' in alert)) throw new Error(JSON.stringify(alert));
    return alert;
  });
};
const incidentsOf = (...sent: Sent[]): string[] =>
  read(...sent).map(({ report }) => classify(report, rules).fingerprint);

describe('alerts of one sender', () => {
  it('keep their sender’s own fingerprint', () => {
    const [alert] = read({ labels: {}, fingerprint: 'f1' });
    expect(alert?.report.alert).toMatchObject({ fingerprint: 'f1' });
  });

  it.each([
    ['in a label that is no place', { upstream: 'pay-a' }, { upstream: 'pay-b' }],
    ['in their severity', { severity: 'warning' }, { severity: 'critical' }],
    ['in one label that the other lacks', { upstream: 'pay-a' }, {}],
    [
      'in what stands behind the container',
      { container: 'momo-web', cpu: '0' },
      { container: 'momo-web', cpu: '1' },
    ],
  ])('that differ %s are two incidents, whatever words they share', (_, a, b) => {
    const [one, two] = incidentsOf({ labels: a, fingerprint: 'f1' }, { labels: b, fingerprint: 'f2' });
    expect(one).not.toBe(two);
    const [first, second] = read({ labels: a, fingerprint: 'f1' }, { labels: b, fingerprint: 'f2' });
    expect(first?.report.reportId).not.toBe(second?.report.reportId);
  });

  it.each([['replica'], ['prometheus_replica'], ['__replica__'], ['thanos_ruler_replica'], ['replica_id']])(
    'that differ only in %s, which names a replica of the sender, are two alerts of one incident',
    (name) => {
      const [a, b] = read(
        { labels: { job: 'orders', [name]: 'a' }, fingerprint: 'f1' },
        { labels: { job: 'orders', [name]: 'b' }, fingerprint: 'f2' },
      );
      expect(a?.report.alert?.fingerprint).not.toBe(b?.report.alert?.fingerprint);
      expect(a?.report.reportId).not.toBe(b?.report.reportId);
      const [one, two] = [a, b].map((each) => each && classify(each.report, rules).fingerprint);
      expect(one).toBe(two);
    },
  );

  it.each([['replicaset'], ['replicas'], ['read_replica_host']])(
    'count %s as what they are about',
    (name) => {
      const [one, two] = incidentsOf({ labels: { [name]: 'a' } }, { labels: { [name]: 'b' } });
      expect(one).not.toBe(two);
    },
  );

  it('stay the same alert when its words change before it is resolved', () => {
    const labels = { job: 'orders' };
    const [one, two] = incidentsOf(
      { labels, fingerprint: 'f1', summary: 'request timed out' },
      { labels, fingerprint: 'f1', summary: 'No space left on device', status: 'resolved' },
    );
    expect(one).toBe(two);
  });

  it('without a fingerprint have one made of all their labels', () => {
    const [a, again, b] = read(
      { labels: { replica: 'a' } },
      { labels: { replica: 'a' } },
      { labels: { replica: 'b' } },
    );
    expect(a?.report.alert?.fingerprint).toBe(again?.report.alert?.fingerprint);
    expect(a?.report.alert?.fingerprint).not.toBe(b?.report.alert?.fingerprint);
  });
});
