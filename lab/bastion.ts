import { connect } from 'node:net';
import type { Connection } from 'ssh2';
import { startSshServer, type LabSshServer } from './ssh-server.ts';

/** A bastion: no commands, no shell, and tunnels to the one host behind it only. */
export async function startBastion(options: {
  hostKey: string;
  user: string;
  authorizedKey: string;
  targetPort: number;
}): Promise<LabSshServer> {
  const onClient = (client: Connection): void => {
    client.on('session', (_accept, reject) => reject());
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      if (destIP !== '127.0.0.1' || destPort !== options.targetPort) return reject();
      const tunnel = connect(destPort, destIP);
      tunnel.setNoDelay(true);
      let open = false;
      tunnel.once('connect', () => {
        open = true;
        const channel = accept();
        channel.on('error', () => tunnel.destroy());
        channel.on('close', () => tunnel.destroy());
        tunnel.on('close', () => channel.end());
        tunnel.pipe(channel).pipe(tunnel);
      });
      tunnel.on('error', () => {
        if (!open) reject();
      });
      client.on('close', () => tunnel.destroy());
    });
  };
  return startSshServer({ ...options, onClient });
}
