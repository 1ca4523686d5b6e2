import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../../domain/report/report.ts';
import type { BenchWorld } from './bench-world.ts';
import { openWaiting } from './duplicates.ts';
import { inParallel, median, quantile, round, timed } from './measure.ts';
import type { Figure } from './report.ts';

async function perSecond(count: number, atOnce: number, send: () => Promise<void>): Promise<number> {
  const { ms } = await timed(() => inParallel(count, atOnce, send));
  return (count / ms) * 1000;
}

/** Node's own client over connections that are kept, as light as a sender can be. */
function postJson(
  { hostname, port }: URL,
  path: string,
  body: string,
  agent: Agent,
): Promise<{ status: number; answer: string }> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: 'POST', headers, agent }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, answer }));
    });
    sent.on('error', reject).end(body);
  });
}

/** As a service that has run for a while: below a thousand requests, much of its code is not compiled yet. */
const warmUpReports = 2000;

/**
 * A report by HTTP until its 202, beside a bare signalWithStart of the same report from this process, in turn. Each
 * side reports a failure whose incident is open, so that what is measured is the way in and not the healing; each
 * round has incidents of its own, as Temporal takes longer with each signal that a run has had.
 */
export async function benchHttp(
  world: BenchWorld,
  rounds: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const http = await world.startHttp();
  const openBoth = async () => ({ http: await openWaiting(world), bare: await openWaiting(world) });
  let opened = await openBoth();
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const service = new URL(http.url);
  const post = async (): Promise<void> => {
    const body = JSON.stringify({ ...opened.http.report, reportId: randomUUID() });
    const { status, answer } = await postJson(service, '/v1/exceptions', body, agent);
    if (status !== 202 || !answer.includes('"joined":true')) {
      throw new Error(`the HTTP service answered ${status} ${answer}`);
    }
  };
  const bare = async (): Promise<void> => {
    const report: Report = { ...opened.bare.report, reportId: randomUUID() };
    await world.client.workflow.signalWithStart('HealWorkflow', {
      ...{ workflowId: opened.bare.workflowId, taskQueue: world.context.taskQueue, args: [report] },
      ...{ signal: 'report', signalArgs: [report] },
    });
  };
  const ways = { http: post, bare };
  const names = ['http', 'bare'] as const;
  const closeBoth = () =>
    Promise.all(
      names.map((name) => world.client.workflow.getHandle(opened[name].workflowId).terminate('benchmark')),
    );
  for (const name of names) await perSecond(warmUpReports, 8, ways[name]);
  const single = { http: [] as number[], bare: [] as number[] };
  const rate = { http: [] as number[], bare: [] as number[] };
  for (let at = 0; at < rounds; at++) {
    await closeBoth();
    opened = await openBoth();
    // In turn and each first as often as second, as the worker is still at what the one before has sent.
    const order = at % 2 === 0 ? names : names.toReversed();
    for (let one = 0; one < 150; one++) {
      for (const name of order) single[name].push((await timed(ways[name])).ms);
    }
    for (const name of order) {
      await sleep(500);
      rate[name].push(await perSecond(250, 16, ways[name]));
    }
    log(
      `HTTP ${round(median(single.http))} ms, ${round(rate.http.at(-1) ?? 0, 0)}/s; bare ${round(median(single.bare))} ms, ${round(rate.bare.at(-1) ?? 0, 0)}/s`,
    );
  }
  await closeBoth();
  agent.destroy();
  await http.child.stop();
  return [
    { name: 'httpP50Ms', what: 'HTTP report → 202, p50', value: round(median(single.http)), unit: 'ms' },
    {
      name: 'httpP95Ms',
      what: 'HTTP report → 202, p95',
      value: round(quantile(single.http, 0.95)),
      unit: 'ms',
    },
    { name: 'bareP50Ms', what: 'bare signalWithStart, p50', value: round(median(single.bare)), unit: 'ms' },
    {
      name: 'bareP95Ms',
      what: 'bare signalWithStart, p95',
      value: round(quantile(single.bare, 0.95)),
      unit: 'ms',
    },
    {
      name: 'httpPerSec',
      what: 'HTTP reports a second, 16 at once',
      value: round(median(rate.http), 0),
      unit: '/s',
    },
    {
      name: 'barePerSec',
      what: 'bare signalWithStart a second, 16 at once',
      value: round(median(rate.bare), 0),
      unit: '/s',
    },
    {
      ...{ name: 'httpRatio', what: 'HTTP report at p50, beside bare signalWithStart', unit: '×', goal: 1.3 },
      value: round(median(single.http) / median(single.bare), 2),
    },
    {
      ...{
        name: 'httpRateRatio',
        what: 'time for each HTTP report under load, beside bare',
        unit: '×',
        goal: 1.3,
      },
      value: round(median(rate.bare) / median(rate.http), 2),
    },
  ];
}
