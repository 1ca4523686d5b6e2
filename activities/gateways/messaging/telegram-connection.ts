import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

/** One connection for one request: tells whether it was ever established, and can be torn down afterwards. */
export interface WatchedConnection {
  agent: HttpAgent;
  /** True once the request may have been written: from then on a lost answer may mean a delivered message. */
  established: () => boolean;
  destroy: () => void;
}

/** @param apiRoot decides between TCP and TLS; the certificate is checked as Node does by default. */
export const watchConnection = (apiRoot: string): WatchedConnection => {
  const secure = apiRoot.startsWith('https:');
  // Not kept alive: an idle connection that the server has just closed looks like a lost answer.
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  const sockets: Duplex[] = [];
  let established = false;
  const open = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = open(options, callback);
    if (socket) {
      sockets.push(socket);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        established = true;
      });
    }
    return socket;
  };
  return {
    agent,
    established: () => established,
    destroy: () => {
      // telegraf leaves the body of a 5xx answer unread, which would keep the connection open.
      for (const socket of sockets) socket.destroy();
      agent.destroy();
    },
  };
};
