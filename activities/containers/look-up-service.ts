import type { Container } from '../../domain/container/container.ts';
import { isOfService, mayBeOfService } from '../../domain/container/compose-service.ts';
import type { SshLayer } from '../gateways/ssh/layer.ts';
import { listContainers } from './list-containers.ts';
import { lookUpContainer, type LookUp, type RemoteFailure } from './look-up-container.ts';

/** So many are asked for their labels, where no name tells which are of the service. */
const mostAsked = 100;

export type ServiceLookUp =
  | { kind: 'found'; container: Container; durationMs: number }
  /** No container of that service; `named`: what goes by a name like it. */
  | { kind: 'none'; named: string[]; durationMs: number }
  | { kind: 'several'; names: string[]; durationMs: number }
  | { kind: 'failed'; result: RemoteFailure };

/**
 * Finds the one container of a compose service: people name `report`, and Docker `momo-report-1`. What the service
 * label says counts; a name is only where to look first. Two containers of one service are never one target.
 */
export async function lookUpService(ssh: SshLayer, host: string, service: string): Promise<ServiceLookUp> {
  const begunMs = Date.now();
  const durationMs = (): number => Date.now() - begunMs;
  const listing = await listContainers(ssh, host);
  if (listing.kind === 'failed') return listing;
  const likely = listing.containers.filter(({ name }) => mayBeOfService(name, service));
  const others = listing.containers.filter((one) => !likely.includes(one)).slice(0, mostAsked);
  for (const ids of [likely, others].map((list) => list.map(({ id }) => id))) {
    const found: LookUp[] = await Promise.all(
      ids.map((id) => lookUpContainer(ssh, { host, name: id, oneOfMany: true })),
    );
    // With one that could not be read, nobody knows how many there are.
    const failed = found.find((one) => one.kind === 'failed');
    if (failed !== undefined) return failed;
    const own = found.flatMap((one) =>
      one.kind === 'found' && isOfService(one.container, service) ? [one.container] : [],
    );
    const [first] = own;
    if (first !== undefined && own.length === 1)
      return { kind: 'found', container: first, durationMs: durationMs() };
    if (own.length > 1)
      return { kind: 'several', names: own.map(({ name }) => name).sort(), durationMs: durationMs() };
  }
  const named = listing.containers.map(({ name }) => name).filter((name) => name.includes(service));
  return { kind: 'none', named: named.sort().slice(0, 10), durationMs: durationMs() };
}
