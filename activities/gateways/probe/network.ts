import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { checkedAddress } from './address.ts';

/** Looks from this machine; both answer within twice `timeoutMs` and never throw. */

export async function resolveName(
  name: string,
  timeoutMs: number,
): Promise<{ gone: boolean; detail: string }> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), timeoutMs).unref());
  const found = await Promise.race([lookup(name).catch(() => null), late]);
  if (found === null) return { gone: false, detail: `${name} does not resolve here` };
  return { gone: true, detail: `${name} resolves` };
}

export async function openPort(
  host: string,
  port: number,
  timeoutMs: number,
): Promise<{ gone: boolean; detail: string }> {
  const checked = await checkedAddress(host, timeoutMs);
  if (!checked.ok) return { gone: false, detail: `${host}:${port} is not asked: ${checked.reason}` };
  return new Promise((resolve) => {
    const socket = connect({ host: checked.address, port });
    const end = (gone: boolean, detail: string): void => {
      socket.destroy();
      resolve({ gone, detail });
    };
    socket.setTimeout(timeoutMs, () => end(false, `${host}:${port} does not answer`));
    socket.once('connect', () => end(true, `${host}:${port} is open`));
    socket.once('error', (error) => end(false, `${host}:${port} is closed (${error.message})`));
  });
}
