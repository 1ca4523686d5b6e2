import { timingSafeEqual } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import ssh2, { type Connection, type PublicKeyAuthContext } from 'ssh2';

/** One SSH server on loopback, with the switches that scenes need: refuse, freeze, cut. */
export interface LabSshServer {
  readonly port: number;
  /** Stops accepting connections (they are refused by the kernel), or accepts again on the same port. */
  refuse(refused: boolean): Promise<void>;
  /** Accepts connections and never answers on them, as a machine does that ran out of memory. */
  freeze(frozen: boolean): void;
  /** Drops every connection at once. */
  cut(): void;
  /** How many TCP connections it has taken since its start. */
  accepted(): number;
  close(): Promise<void>;
}

export interface LabSshServerOptions {
  hostKey: string;
  user: string;
  authorizedKey: string;
  onClient: (client: Connection) => void;
}

/** Starts a server that lets in one user by one public key and hands each connection to `onClient`. */
export async function startSshServer(options: LabSshServerOptions): Promise<LabSshServer> {
  const sockets = new Set<Socket>();
  let frozen = false;
  let acceptedCount = 0;
  const protocol = new ssh2.Server({ hostKeys: [options.hostKey], ident: 'autoheal-lab' }, (client) => {
    client.on('error', () => undefined); // a cut connection is an error to ssh2 and a scene to us
    client.on('authentication', (context) => {
      if (context.method !== 'publickey') return context.reject(['publickey']);
      if (mayEnter(context, options)) context.accept();
      else context.reject(['publickey']);
    });
    client.on('ready', () => options.onClient(client));
  });
  const take = (socket: Socket): void => {
    acceptedCount++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (!frozen) protocol.injectSocket(socket);
  };
  const listen = async (port: number): Promise<ReturnType<typeof createServer>> => {
    const server = createServer(take);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return server;
  };

  let listener: ReturnType<typeof createServer> | undefined = await listen(0);
  const address = listener.address();
  if (address === null || typeof address === 'string')
    throw new Error('the lab has no TCP port to listen on');
  const { port } = address;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    async refuse(refused) {
      if (refused) {
        listener?.close();
        listener = undefined;
      } else {
        listener ??= await listen(port);
      }
    },
    freeze(on) {
      frozen = on;
      if (!on) cut(); // those that were left unanswered
    },
    cut,
    accepted: () => acceptedCount,
    async close() {
      listener?.close();
      listener = undefined;
      cut();
    },
  };
}

function mayEnter(
  context: PublicKeyAuthContext,
  { user, authorizedKey }: { user: string; authorizedKey: string },
): boolean {
  const key = ssh2.utils.parseKey(authorizedKey);
  if (key instanceof Error || context.username !== user) return false;
  const expected = key.getPublicSSH();
  if (context.key.algo !== key.type || context.key.data.length !== expected.length) return false;
  if (!timingSafeEqual(context.key.data, expected)) return false;
  // Without a signature the client only asks whether this key would do.
  if (!context.signature || !context.blob) return true;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}
