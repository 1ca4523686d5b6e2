import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** Whether a process is of use now, and why. */
export interface Wellness {
  ok: boolean;
  detail: string;
}

export interface MetricsServer {
  close(): Promise<void>;
}

/**
 * Serves `/metrics`, and `/healthz` for those who start a process again when it is of no use any more.
 * @param options.address host:port (AUTOHEAL_METRICS_ADDR)
 * @param options.coreUrl where Temporal's SDK serves its own numbers, which are added; null where it has none
 * @throws Error naming the address where it can't be listened on
 */
export async function serveMetrics(options: {
  address: string;
  registry: Registry;
  coreUrl: string | null;
  wellness: () => Wellness;
}): Promise<MetricsServer> {
  const { address, registry, coreUrl, wellness } = options;
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const answer = (status: number, type: string, body: string): void =>
      void response.writeHead(status, { 'content-type': type }).end(body);
    if (path === '/healthz') {
      const { ok, detail } = wellness();
      answer(ok ? 200 : 503, 'application/json', JSON.stringify({ ok, detail }));
    } else if (path === '/metrics') {
      Promise.all([registry.metrics(), coreMetrics(coreUrl)]).then(
        (parts) => answer(200, registry.contentType, parts.join('')),
        (error: unknown) => answer(500, 'text/plain', String(error)),
      );
    } else answer(404, 'text/plain', 'There is /metrics and /healthz.\n');
  });
  await listen(server, address);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The SDK's own are there as soon as it has counted something. */
async function coreMetrics(url: string | null): Promise<string> {
  if (url === null) return '';
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => null);
  return answer === null || !answer.ok ? '' : answer.text();
}

function listen(server: Server, address: string): Promise<void> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(`AUTOHEAL_METRICS_ADDR: ${address} can't be listened on (${error.code ?? error.message}).`),
      ),
    );
    server.listen(Number(address.slice(at + 1)), host, () => resolve());
  });
}

/** A port of loopback that is free now, for what is served to this process only. */
export function freeLoopbackPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
