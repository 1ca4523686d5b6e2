import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { estateSchema } from '../../domain/estate.ts';
import type { AppOptions } from '../../workers/http/app.ts';
import type { Service } from '../support/http-service.ts';
import { codedError, readAnswer, startService } from '../support/http-service.ts';

let service: Service;
const restart = async (options: Partial<AppOptions>) => {
  await service.server.close();
  service = await startService(options);
};
const alert = (changes: Record<string, unknown> = {}) => ({
  status: 'firing',
  labels: {
    alertname: 'ContainerUnhealthy',
    container: 'momo-web',
    host: 'ollama-188',
    severity: 'critical',
  },
  annotations: { summary: 'momo-web is unhealthy', description: 'Health check failed 3 times' },
  startsAt: '2026-04-19T03:00:00.123Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example/graph',
  fingerprint: 'c3a1f0',
  ...changes,
});
/** A body as Alertmanager 0.27 sends it. */
const group = (...alerts: unknown[]) => ({
  receiver: 'autoheal',
  status: 'firing',
  alerts,
  groupLabels: { alertname: 'ContainerUnhealthy' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example',
  version: '4',
  groupKey: '{}:{alertname="ContainerUnhealthy"}',
  truncatedAlerts: 0,
});
const outcomes = async (response: Response) =>
  (await readAnswer(response)).alerts?.map(({ outcome }) => outcome);

beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.server.close({ graceMs: 0 }));

describe('an Alertmanager webhook', () => {
  it('becomes a report that says what, where, how bad and since when', async () => {
    const response = await service.send('/v1/alertmanager', { json: group(alert()) });
    expect(response.status).toBe(202);
    expect(service.reports).toEqual([
      {
        source: 'alertmanager',
        target: 'momo-web',
        host: 'ollama-188',
        error: {
          type: 'ContainerUnhealthy',
          message: 'ContainerUnhealthy: momo-web is unhealthy',
          traceback: 'Health check failed 3 times',
        },
        severity: 'P1',
        occurredAt: '2026-04-19T03:00:00.123Z',
        labels: alert().labels,
        alert: { fingerprint: 'c3a1f0', series: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
        reportId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      },
    ]);
  });

  it('is handled alert by alert: the resolved ones of a firing group close their incidents', async () => {
    const json = group(
      alert(),
      alert({ status: 'resolved', fingerprint: 'dd', endsAt: '2026-04-19T03:05:00Z' }),
    );
    const response = await service.send('/v1/alertmanager', { json });
    expect(response.status).toBe(202);
    expect(await outcomes(response)).toEqual(['accepted', 'closed']);
    expect([service.reports.length, service.closed.length]).toEqual([1, 1]);
    expect(service.closed[0]?.error).toEqual(service.reports[0]?.error);
  });

  it('that is sent again is counted once', async () => {
    const send = () => service.send('/v1/alertmanager', { json: group(alert()) });
    await send();
    const again = await readAnswer(await send());
    expect(again.alerts?.[0]).toMatchObject({ outcome: 'accepted', joined: true });
    expect(service.reports).toHaveLength(1);
    await service.send('/v1/alertmanager', { json: group(alert({ startsAt: '2026-04-20T03:00:00Z' })) });
    expect(service.reports).toHaveLength(2);
  });

  it('without fingerprints is told apart by its labels', async () => {
    const other = { alertname: 'ContainerUnhealthy', container: 'momo-worker' };
    const json = group(alert({ fingerprint: undefined }), alert({ fingerprint: undefined, labels: other }));
    await service.send('/v1/alertmanager', { json });
    expect(new Set(service.reports.map(({ reportId }) => reportId)).size).toBe(2);
  });

  it('with one bad alert keeps the others, and names the bad field', async () => {
    const json = group(alert(), alert({ status: 'sideways' }), 'not an alert');
    const response = await service.send('/v1/alertmanager', { json });
    expect(response.status).toBe(207);
    const answer = await readAnswer(response);
    expect(answer.alerts?.map(({ outcome }) => outcome)).toEqual(['accepted', 'invalid', 'invalid']);
    expect(answer.alerts?.[1]?.errors?.[0]?.field).toBe('alerts[1].status');
    expect(service.reports).toHaveLength(1);
  });

  it('is answered 400 when not one alert is valid, or when it is not of this format', async () => {
    expect((await service.send('/v1/alertmanager', { json: group(alert({ labels: 7 })) })).status).toBe(400);
    const { errors } = await readAnswer(
      await service.send('/v1/alertmanager', { json: { ...group(), version: '3' } }),
    );
    expect(errors?.map(({ field }) => field).sort()).toEqual(['alerts', 'version']);
  });

  it('is answered 503 when some could not be taken now, and nothing is counted twice when it comes again', async () => {
    service.fail(codedError('TEMPORAL_AWAY'), codedError('OVERLOADED'));
    const json = group(...['a', 'b', 'c'].map((fingerprint) => alert({ fingerprint })));
    const response = await service.send('/v1/alertmanager', { json });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await outcomes(response)).toEqual(['failed', 'failed', 'accepted']);
    expect((await service.send('/v1/alertmanager', { json })).status).toBe(202);
    expect(service.reports).toHaveLength(3);
  });

  it('is answered 503, and the cause only logged, when one fails for an unforeseen reason', async () => {
    service.fail(new Error('at postgres://user:pass@db'));
    const response = await service.send('/v1/alertmanager', { json: group(alert()) });
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('postgres://');
    expect(service.logged.join()).toContain('postgres://');
  });

  it('that is only the heartbeat of the alerting system opens no incident', async () => {
    const json = group(alert({ labels: { alertname: 'Watchdog', severity: 'none' } }));
    expect(await outcomes(await service.send('/v1/alertmanager', { json }))).toEqual(['ignored']);
  });

  it('says which of the estate’s hosts and targets an instance is', async () => {
    const places = estateSchema.parse({
      hosts: { 'ollama-188': { address: '192.0.2.188', user: 'ollama' } },
      targets: { 'momo-web': { host: 'ollama-188', aliases: ['web'] } },
    });
    await restart({ places });
    const placeOf = async (labels: Record<string, string>) => {
      const json = group(
        alert({ fingerprint: JSON.stringify(labels), labels: { alertname: 'X', ...labels } }),
      );
      await service.send('/v1/alertmanager', { json });
      const { target, host } = service.reports.at(-1) ?? {};
      return { target, host };
    };
    expect(await placeOf({ instance: '192.0.2.188:9100' })).toEqual({
      target: undefined,
      host: '192.0.2.188',
    });
    expect(await placeOf({ instance: 'http://web:8080/health' })).toEqual({ target: 'web', host: undefined });
    expect(await placeOf({ name: 'momo-web', instance: 'cadvisor:8080' })).toEqual({
      target: 'momo-web',
      host: undefined,
    });
    expect(await placeOf({ container_name: 'momo-web', node: 'ollama-188' })).toEqual({
      target: 'momo-web',
      host: 'ollama-188',
    });
  });
});

describe('a Grafana webhook', () => {
  it('is read like Alertmanager’s, with the measured values beside', async () => {
    const json = {
      receiver: 'autoheal',
      status: 'firing',
      state: 'alerting',
      title: '[FIRING:1] Disk full',
      orgId: 1,
      version: '1',
      alerts: [
        alert({
          labels: { alertname: 'DiskFull', host: 'ollama-188' },
          annotations: { summary: 'No space left on device' },
          values: { B: 97.2 },
          valueString: "[ var='B' labels={} value=97.2 ]",
          panelURL: 'http://grafana.example/d/1?viewPanel=2',
        }),
      ],
    };
    expect((await service.send('/v1/grafana', { json })).status).toBe(202);
    expect(service.reports[0]).toMatchObject({
      source: 'grafana',
      host: 'ollama-188',
      error: {
        message: 'DiskFull: No space left on device',
        traceback: "[ var='B' labels={} value=97.2 ]\nhttp://grafana.example/d/1?viewPanel=2",
      },
    });
  });

  it('of the old alerting, which has no list of alerts, is refused with that field’s name', async () => {
    const { errors } = await readAnswer(
      await service.send('/v1/grafana', { json: { ruleName: 'x', state: 'alerting' } }),
    );
    expect(errors?.[0]?.field).toBe('alerts');
  });
});

describe('a Sentry webhook', () => {
  const event = {
    event_id: 'fc6d8c0c43fc4630ad850ee518f1b9d0',
    title: 'OperationalError: could not translate host name',
    culprit: 'jobs.auto_import in run',
    level: 'fatal',
    web_url: 'https://sentry.example/issues/1/',
    datetime: '2026-04-19T03:00:00.000Z',
    exception: {
      values: [
        { type: 'gaierror', value: 'Name or service not known' },
        {
          type: 'OperationalError',
          value: 'could not translate host name "momo-postgres" to address',
          stacktrace: { frames: [{ filename: 'jobs/auto_import.py', function: 'run', lineno: 12 }] },
        },
      ],
    },
    tags: [
      ['task', 'run_auto_import_task'],
      ['container', 'momo-scheduler'],
    ],
  };

  it('about an event becomes a report of the exception that was raised last', async () => {
    const json = { action: 'triggered', data: { event, triggered_rule: 'all' }, installation: { uuid: 'x' } };
    expect((await service.send('/v1/sentry', { json })).status).toBe(202);
    expect(service.reports[0]).toMatchObject({
      source: 'sentry',
      task: 'run_auto_import_task',
      target: 'momo-scheduler',
      severity: 'P1',
      error: {
        type: 'OperationalError',
        message: 'could not translate host name "momo-postgres" to address',
        traceback: expect.stringContaining('  File "jobs/auto_import.py", line 12, in run') as string,
      },
    });
  });

  it('about an issue opens on created, closes on resolved, and leaves housekeeping alone', async () => {
    const issue = {
      id: '1',
      title: 'KeyError: x',
      level: 'error',
      metadata: { type: 'KeyError', value: "'x'" },
    };
    const send = async (action: string) =>
      outcomes(await service.send('/v1/sentry', { json: { action, data: { issue } } }));
    expect(await send('created')).toEqual(['accepted']);
    expect(await send('resolved')).toEqual(['closed']);
    expect(await send('assigned')).toEqual(['ignored']);
    expect(service.reports[0]?.error).toMatchObject({ type: 'KeyError', message: "'x'" });
  });

  it('about a metric alert is taken, and closes what it opened', async () => {
    const send = async (action: string) => {
      const data = { metric_alert: { id: '7', title: 'failure rate' }, description_text: '95 % failed' };
      return outcomes(await service.send('/v1/sentry', { json: { action, data } }));
    };
    expect(await send('critical')).toEqual(['accepted']);
    expect(await send('resolved')).toEqual(['closed']);
  });

  it('about something else than failures is taken note of and ignored', async () => {
    const json = { action: 'created', data: { installation: { uuid: 'x' } } };
    expect(await outcomes(await service.send('/v1/sentry', { json }))).toEqual(['ignored']);
  });

  const secret = 'client-secret';
  const body = JSON.stringify({ action: 'triggered', data: { event } });
  const right = createHmac('sha256', secret).update(body).digest('hex');
  const statusOf = async (headers: Record<string, string>, path = '/v1/sentry') =>
    (
      await service.send(path, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      })
    ).status;

  it.each([
    ['with a token', { token: 'correct-horse' }],
    ['with no token', { token: null }],
  ])('has to be signed wherever the secret is set: %s', async (_, { token }) => {
    await restart({ token, sentrySecret: secret });
    const bearer: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    const wrong = right.replace(/^./, (first) => (first === '0' ? '1' : '0'));
    expect(await statusOf({ 'sentry-hook-signature': right })).toBe(202);
    for (const proof of [{}, bearer]) {
      expect(await statusOf(proof)).toBe(401);
      expect(await statusOf({ ...proof, 'sentry-hook-signature': wrong })).toBe(401);
      expect(await statusOf({ ...proof, 'sentry-hook-signature': '' })).toBe(401);
    }
    expect(service.reports).toHaveLength(1);
  });

  it('is signed for its own path only: elsewhere the token counts as ever', async () => {
    await restart({ token: 'correct-horse', sentrySecret: secret });
    expect(await statusOf({ 'sentry-hook-signature': right }, '/v1/exceptions')).toBe(401);
    expect(await statusOf({ 'sentry-hook-signature': right }, '/v1/grafana')).toBe(401);
    expect(await statusOf({ authorization: 'Bearer correct-horse' }, '/v1/grafana')).toBe(400);
  });

  it('that is signed may come by any name of this machine', async () => {
    await restart({ token: null, sentrySecret: secret });
    const url = new URL('/v1/sentry', service.server.url);
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        host: 'autoheal.example',
        'content-type': 'application/json',
        'sentry-hook-signature': right,
      };
      request(url, { method: 'POST', headers }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end(body);
    });
    expect(answer).toBe(202);
  });
});
