import { Registry } from 'prom-client';
import type { Report } from '../../domain/report/report.ts';
import type { HealResult } from '../../domain/incident/verdict.ts';
import { createApp, type AppOptions } from '../../workers/http/app.ts';
import { createHttpMetrics } from '../../workers/http/metrics.ts';
import type { Deliver } from '../../workers/http/ports.ts';
import { serveHttp } from '../../workers/http/serve.ts';

export const incidentId = '3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d';

export const healResult: HealResult = {
  incidentId,
  status: 'resolved',
  playbook: 'container-unhealthy',
  actionType: 'DOCKER_RESTART',
  attempts: 1,
  durationMs: 812,
  verdict: { kind: 'retry_now', at: null, reason: 'the container is healthy again' },
  occurrences: 1,
};

/** An error as the way to Temporal throws it. */
export const codedError = (code: string): Error => Object.assign(new Error(`${code} at 10.0.0.1`), { code });

/**
 * The ports of the HTTP service kept in memory: what was delivered can be looked at, and `fail` makes the next
 * deliveries throw. Counts by report id, as the real one does.
 */
const memoryDeliver = () => {
  const reports: Report[] = [];
  const closed: Report[] = [];
  const seen = new Set<string>();
  const failures: Error[] = [];
  let result: HealResult | null = null;
  let held: Promise<void> | null = null;
  let underWay = 0;
  const deliver: Deliver = {
    report: async ({ report, waitSec }) => {
      underWay += 1;
      await held;
      underWay -= 1;
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      const joined = report.reportId !== undefined && seen.has(report.reportId);
      if (report.reportId !== undefined) seen.add(report.reportId);
      if (!joined) reports.push(report);
      const delivered = { workflowId: 'heal/8a1b', incidentId, joined };
      return waitSec !== undefined && result !== null ? { ...delivered, result } : delivered;
    },
    close: async ({ report }) => {
      closed.push(report);
      return { closed: true, workflowId: 'heal/8a1b' };
    },
  };
  return {
    deliver,
    reports,
    closed,
    underWay: () => underWay,
    fail: (...errors: Error[]) => void failures.push(...errors),
    answerWith: (answer: HealResult) => {
      result = answer;
    },
    /** Holds every delivery until the returned function is called. */
    hold: (): (() => void) => {
      let release = (): void => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => {
        held = null;
        release();
      };
    },
  };
};

/** The service on a real socket, over ports in memory. */
export const startService = async (options: Partial<AppOptions> = {}) => {
  const memory = memoryDeliver();
  const logged: string[] = [];
  const app = createApp({
    deliver: memory.deliver,
    incidents: { list: async () => [], show: async () => null },
    health: async () => ({ temporal: { ok: true, required: true, detail: 'reachable' } }),
    token: null,
    metrics: createHttpMetrics(new Registry()),
    log: (message, error) => logged.push(`${message}: ${String(error)}`),
    ...options,
  });
  const server = await serveHttp({ app, host: '127.0.0.1', port: 0 });
  const send = (path: string, init: RequestInit & { json?: unknown } = {}): Promise<Response> => {
    const { json, ...rest } = init;
    if (json === undefined) return fetch(`${server.url}${path}`, rest);
    const headers = {
      'content-type': 'application/json',
      ...(rest.headers as Record<string, string> | undefined),
    };
    return fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(json), ...rest, headers });
  };
  return { ...memory, app, server, send, logged };
};
export type Service = Awaited<ReturnType<typeof startService>>;

/** The fields of an answer that tests look at. */
export interface Answer {
  [field: string]: unknown;
  detail?: string;
  errors?: { field: string; detail: string }[];
  alerts?: { name: string; outcome: string; errors?: { field: string; detail: string }[] }[];
}
export const readAnswer = async (response: Response): Promise<Answer> => (await response.json()) as Answer;
