import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readText } from '../architecture/repository-file.ts';
import { quickPlaybooks, wideLimits } from '../chaos/site/quick-playbooks.ts';
import { openSite, type Site } from '../chaos/site/site.ts';
import { breakContainer, exited, heal, resultOf, send, until } from '../faults/reports.ts';
import { freeLoopbackPort } from '../../workers/metrics/serve-metrics.ts';

const root = join(import.meta.dirname, '..', '..');
const apiToken = 'a-token-of-this-test';
let site: Site;
let http: ChildProcess;
let ports: { worker: number; http: number };

beforeAll(async () => {
  const [worker, httpPort] = await Promise.all([freeLoopbackPort(), freeLoopbackPort()]);
  ports = { worker, http: httpPort };
  site = await openSite({
    prepare: quickPlaybooks,
    lab: { estate: { limits: wideLimits } },
    environment: { AUTOHEAL_METRICS_ADDR: `127.0.0.1:${worker}` },
  });
  http = spawn(process.execPath, [join(root, 'bin/autoheal.js'), 'http'], {
    env: {
      PATH: process.env['PATH'],
      ...site.environment,
      AUTOHEAL_HTTP_ADDR: `127.0.0.1:${httpPort}`,
      AUTOHEAL_API_TOKEN: apiToken,
    },
    stdio: 'ignore',
  });
  const answers = (): Promise<boolean> => scrape(httpPort, '/healthz').then((text) => text.includes('ok'));
  await until('the HTTP service answers', () => answers().catch(() => false));
});
afterAll(async () => {
  http?.kill('SIGKILL');
  await site?.close();
});

const scrape = async (port: number, path = '/metrics'): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).text();

/** A series' value: the sum of all that have these labels among theirs; null where there is none. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number | null {
  const values = text
    .split('\n')
    .filter((line) => new RegExp(`^${name}(\\{|\\s)`).test(line))
    .filter((line) => Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

it('counts what came by every door, how it ended, how long it took and when it was told, once each', async () => {
  await breakContainer(site.lab, 'momo-web');
  await heal(site, exited('momo-web'));
  const byHttp = await fetch(`http://127.0.0.1:${ports.http}/v1/exceptions?wait=30`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ source: 'task', error: { message: 'ValueError: nobody knows this' } }),
  });
  expect(byHttp.status).toBe(200);
  await heal(site, {
    source: 'api',
    target: 'momo-db',
    error: { message: 'container momo-db exited with code 1' },
    action: { type: 'DOCKER_RESTART', target: 'momo-db' },
  });
  const text = await scrape(ports.worker);
  for (const source of ['cli', 'task', 'api'])
    expect(valueOf(text, 'autoheal_reports_total', { source }), source).toBe(1);
  const resolved = { status: 'resolved', error_type: 'CONTAINER_EXITED', playbook: 'container-exited' };
  expect(valueOf(text, 'autoheal_incidents_total', resolved)).toBe(1);
  expect(valueOf(text, 'autoheal_incidents_total', { status: 'alerted' })).toBe(1);
  expect(valueOf(text, 'autoheal_incidents_total')).toBe(3);
  expect(valueOf(text, 'autoheal_heal_duration_seconds_count')).toBe(3);
  expect(valueOf(text, 'autoheal_time_to_tell_seconds_count')).toBe(3);
  expect(valueOf(text, 'autoheal_actions_refused_total')).toBe(1);
});

it('shows the records that wait for a database that is away, and that they wait no more', async () => {
  const owed = async (): Promise<number | null> =>
    valueOf(await scrape(ports.worker), 'autoheal_records_owed');
  await until('what is owed is known to be nothing', async () => (await owed()) === 0);
  site.proxy.refuse(true);
  site.proxy.cut();
  await breakContainer(site.lab, 'momo-worker');
  const sent = await send(site, exited('momo-worker'));
  await until('three records wait', async () => (await owed()) === 3);
  site.proxy.refuse(false);
  expect(await resultOf(site, sent)).toMatchObject({ status: 'resolved' });
  await until('none waits any more', async () => (await owed()) === 0);
});

it('serves every series that a rule or a panel names', async () => {
  const named = new Set(
    ['deploy/prometheus/alerts.yml', 'deploy/grafana/dashboards/autoheal.json']
      .flatMap((path) => [
        ...readText(path).matchAll(/\b(autoheal_[a-z_]+|temporal_[a-z_]+|process_start_time_seconds)/g),
      ])
      .map(([name]) => name)
      .filter((name) => !name.startsWith('temporal_activity_execution_failed')),
  );
  expect(named.size).toBeGreaterThan(10);
  const served = `${await scrape(ports.worker)}\n${await scrape(ports.http)}`;
  const missing = [...named].filter((name) => !new RegExp(`^${name}(\\{|\\s)`, 'm').test(served));
  expect(missing).toEqual([]);
});

it('is well while Temporal sees it poll', async () => {
  const answer = await fetch(`http://127.0.0.1:${ports.worker}/healthz`);
  expect(await answer.text()).toMatch(/polled autoheal \d+ s ago/);
  expect(answer.status).toBe(200);
  expect(valueOf(await scrape(ports.worker), 'autoheal_worker_poll_age_seconds')).toBeLessThan(150);
});
