import type { SshLayer } from '../gateways/ssh/layer.ts';
import { dockerFailure, type RemoteFailure } from './look-up-container.ts';

/** One line of `docker ps`: enough to show, not enough to act on. */
export interface ListedContainer {
  id: string;
  name: string;
  image: string;
}

export type Listing =
  | { kind: 'listed'; containers: ListedContainer[]; durationMs: number }
  | { kind: 'failed'; result: RemoteFailure };

/** Lists a host's containers, stopped ones too. Reads docker's table: a format would need characters that we don't send. */
export async function listContainers(ssh: SshLayer, host: string, timeoutMs = 15_000): Promise<Listing> {
  const result = await ssh.run({
    host,
    argv: ['docker', 'ps', '-a', '--no-trunc'],
    timeoutMs,
    maxOutputBytes: 1_048_576,
  });
  if (result.kind === 'failed') return { kind: 'failed', result };
  if (result.exitCode !== 0) {
    return { kind: 'failed', result: dockerFailure(host, result.stderr, result.exitCode, result.durationMs) };
  }
  const containers = result.stdout.split('\n').flatMap((line) => {
    // The id comes first, then the image; the name is the last column. What lies between may hold spaces.
    const words = line.trim().split(/\s+/);
    const [id = '', image = ''] = words;
    const name = words.at(-1);
    return /^[0-9a-f]{64}$/.test(id) && name !== undefined ? [{ id, name, image }] : [];
  });
  return { kind: 'listed', containers, durationMs: result.durationMs };
}
