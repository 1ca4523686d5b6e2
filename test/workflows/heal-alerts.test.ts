import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliverTo } from '../../workers/http-process.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import { startService, type Service } from '../support/http-service.ts';
import { openHealWorld, until, type HealWorld } from './heal-world.ts';

/** Alerts on their whole way: from a webhook's body to the incident and back. */
let world: HealWorld;
let service: Service;
beforeAll(async () => {
  world = await openHealWorld(['plain-web']);
  await world.rows(
    `UPDATE playbooks SET max_retries = 2, action_params = action_params || '{"backoffSec": 60, "maxBackoffSec": 60}'
     WHERE name = 'upstream-timeout'`,
  );
  service = await startService({ deliver: deliverTo(world.delivery), places: world.lab.estate });
});
afterAll(async () => {
  await service.server.close({ graceMs: 0 });
  await world.close();
});

const slow = (fingerprint: string, labels: Record<string, string>, status = 'firing') => ({
  status,
  labels: { alertname: 'UpstreamSlow', job: 'orders', severity: 'critical', ...labels },
  annotations: { summary: 'request timed out' },
  startsAt: '2026-04-19T03:00:00Z',
  endsAt: status === 'resolved' ? new Date().toISOString() : '0001-01-01T00:00:00Z',
  fingerprint,
});
const send = async (path: string, ...alerts: object[]) => {
  const response = await service.send(path, { json: { version: '4', status: 'firing', alerts } });
  expect(response.status).toBe(202);
  const answer = (await response.json()) as { alerts: { outcome: string; workflowId?: string }[] };
  return answer.alerts;
};
const statusOf = (workflowId: string): Promise<HealStatus> =>
  world.client.workflow.getHandle(workflowId).query<HealStatus>('status');
const waiting = (workflowId: string) =>
  until(async () => {
    const seen = await statusOf(workflowId);
    return seen.status === 'waiting' ? seen : null;
  });

it('alerts that differ in a label are two incidents: the one that ends leaves the other waiting', async () => {
  const [a, b] = ['pay-a', 'pay-b'].map((upstream, at) => slow(`f${at}`, { upstream }));
  if (a === undefined || b === undefined) throw new Error('no alerts');
  const ids = (await send('/v1/alertmanager', a, b)).map(({ workflowId }) => workflowId ?? '');
  const [first = '', second = ''] = ids;
  expect(first).not.toBe(second);
  await Promise.all(ids.map(waiting));
  const answers = await send('/v1/alertmanager', { ...a, status: 'resolved' }, b);
  expect(answers.map(({ outcome }) => outcome)).toEqual(['closed', 'accepted']);
  const result = await world.resultOf(world.client.workflow.getHandle(first));
  expect(result).toMatchObject({ status: 'resolved', occurrences: 1 });
  await sleep(1500);
  expect(await statusOf(second)).toMatchObject({ status: 'waiting', occurrences: 1, verdict: null });
  await send('/v1/alertmanager', { ...b, status: 'resolved' });
  expect(await world.resultOf(world.client.workflow.getHandle(second))).toMatchObject({ status: 'resolved' });
});

it('alerts of two replicas of the sender are one incident, over once both are resolved', async () => {
  const one = (replica: string, status?: string) => slow(`r-${replica}`, { team: 'x', replica }, status);
  const [first, second] = await send('/v1/alertmanager', one('a'), one('b'));
  const id = first?.workflowId ?? '';
  expect(second?.workflowId).toBe(id);
  await waiting(id);
  await send('/v1/alertmanager', one('a', 'resolved'));
  await sleep(1500);
  const still = await statusOf(id);
  expect(still).toMatchObject({ status: 'waiting', occurrences: 2 });
  expect(still.steps.join('\n')).toContain('another alert of this incident still fires');
  // It begins anew, and the other ends: one is left.
  await send('/v1/alertmanager', { ...one('a'), startsAt: '2026-04-19T04:00:00Z' }, one('b', 'resolved'));
  await sleep(1500);
  expect(await statusOf(id)).toMatchObject({ status: 'waiting', occurrences: 3 });
  await send('/v1/alertmanager', one('a', 'resolved'));
  const result = await world.resultOf(world.client.workflow.getHandle(id));
  expect(result).toMatchObject({ status: 'resolved', occurrences: 3 });
});

it('monitoring that is blind leaves the container alone, and tells a person that it is blind', async () => {
  const before = world.lab.container('plain-web').view().startedAt;
  const blind = {
    status: 'firing',
    labels: {
      alertname: 'DatasourceError',
      container: 'plain-web',
      rulename: 'ContainerUnhealthy',
      severity: 'critical',
    },
    annotations: {
      Error: 'failed to query data: dial tcp 172.18.0.9:9090: i/o timeout',
      grafana_state_reason: 'Error',
      summary: 'container plain-web is unhealthy',
    },
    startsAt: new Date().toISOString(),
    fingerprint: '9c1f',
  };
  const [answer] = await send('/v1/grafana', blind);
  const result = await world.resultOf(world.client.workflow.getHandle(answer?.workflowId ?? ''));
  expect(result).toMatchObject({ status: 'alerted', playbook: 'monitoring-blind', actionType: 'ALERT_ONLY' });
  expect(world.restartsOf('plain-web')).toBe(0);
  expect(world.lab.container('plain-web').view().startedAt).toBe(before);
  const { incident, messages } = await world.tracesOf(result.incidentId);
  expect(incident.error_type).toBe('MONITORING_BLIND');
  expect(messages.map(({ text }) => text).join()).toContain('monitoring is blind');
});
