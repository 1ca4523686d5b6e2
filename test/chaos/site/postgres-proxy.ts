import { connect, createServer, type Socket } from 'node:net';

/** A way to PostgreSQL that can be cut, closed, and cut at the one moment that leaves an outcome unknown. */
export interface PostgresProxy {
  /** The same address, by way of this proxy. */
  via(databaseUrl: string): string;
  /** Drops every connection at once. */
  cut(): void;
  /** Whether new connections are dropped, too. */
  refuse(refused: boolean): void;
  /** Whether connections are taken, and nothing is passed on. */
  freeze(frozen: boolean): void;
  /** The next statements that hold this text are carried out, committed, and the connection is cut in the answer's place. */
  dropAnswersTo(text: string, times: number): void;
  /** How many answers it has dropped. */
  dropped(): number;
  close(): Promise<void>;
}

/** PostgreSQL's message "ready for query, no transaction open": what was asked has been committed. */
const committed = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

export async function startPostgresProxy(serverUrl: string): Promise<PostgresProxy> {
  const target = Number(new URL(serverUrl).port);
  const pairs = new Set<() => void>();
  let refused = false;
  let frozen = false;
  let armed: { text: string; left: number } | null = null;
  let dropped = 0;

  const serve = (client: Socket): void => {
    if (refused) return void client.destroy();
    const server = connect(target, '127.0.0.1');
    const cut = (): void => {
      client.destroy();
      server.destroy();
      pairs.delete(cut);
    };
    pairs.add(cut);
    let dropping = false;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    client.on('data', (chunk) => {
      if (frozen) return;
      if (armed !== null && armed.left > 0 && chunk.includes(armed.text)) {
        armed.left -= 1;
        dropping = true;
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (frozen) return;
      if (!dropping) return void client.write(chunk);
      if (!chunk.includes(committed)) return;
      dropped += 1;
      cut();
    });
  };
  const listener = createServer(serve);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cutAll = (): void => {
    for (const cut of [...pairs]) cut();
  };
  return {
    via(databaseUrl) {
      const url = new URL(databaseUrl);
      url.port = String(port);
      return url.href;
    },
    cut: cutAll,
    refuse(on) {
      refused = on;
      if (on) cutAll();
    },
    freeze(on) {
      frozen = on;
      if (!on) cutAll(); // those that were left unanswered
    },
    dropAnswersTo(text, times) {
      armed = { text, left: times };
    },
    dropped: () => dropped,
    async close() {
      cutAll();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
