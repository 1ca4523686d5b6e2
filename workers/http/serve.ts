import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

export interface HttpServer {
  url: string;
  /** Takes no new requests, lets those under way finish, and cuts what is left after `graceMs`. */
  close: (options?: { graceMs?: number }) => Promise<void>;
}

/**
 * Serves the app.
 * @param port 0 takes any free one
 * @throws where the address cannot be listened on; the message says which and what to do.
 */
export const serveHttp = async (options: {
  app: { fetch: (request: Request, env: object) => Response | Promise<Response> };
  host: string;
  port: number;
}): Promise<HttpServer> => {
  const { app, host, port } = options;
  const listener = getRequestListener((request, env) => app.fetch(request, env));
  let closing = false;
  const server = createServer((request, response) => {
    // A connection that is kept alive would hold up the close when its last answer is out.
    response.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    void listener(request, response);
  });
  // A sender that dribbles its request holds a connection for 30 s at most; answers may take longer (`?wait=60`).
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(
          `The HTTP service cannot listen on ${host}:${port} (${error.message}). Set AUTOHEAL_HTTP_ADDR.`,
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shownHost}:${address.port}`,
    close: async ({ graceMs = 10_000 } = {}) => {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(force);
    },
  };
};
