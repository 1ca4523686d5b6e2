import { isAboutContainer } from '../../domain/container/about.ts';
import type { Seen, PartDeps } from './look-at-part.ts';
import { lookAtPart } from './look-at-part.ts';
import { lookUpContainer } from '../containers/look-up-container.ts';

/**
 * Whether the reporting target, which may not be restarted, is well by itself again. "Unhealthy" is only taken back
 * by a health check: that it runs is no answer to that.
 */
export async function lookAtItself(
  deps: PartDeps,
  { host, container, errorType }: { host: string | null; container: string | null; errorType: string },
): Promise<Seen> {
  if (host === null || container === null)
    return { seen: 'unknown', detail: "the report doesn't say which container to look at" };
  if (!isAboutContainer(errorType))
    return { seen: 'unknown', detail: `the health of ${container} itself says nothing about its cause` };
  const found = await lookUpContainer(deps.ssh, { host, name: container });
  if (found.kind === 'failed') return { seen: 'unknown', detail: found.result.message };
  if (found.kind !== 'found')
    return { seen: 'there', detail: `there is no container ${container} on ${host}` };
  const part = { host, container: found.container, name: container, seeker: null, all: [] };
  return lookAtPart(deps, errorType === 'CONTAINER_UNHEALTHY' ? 'container' : 'resolve', part, null);
}
