import type { Container } from './container.ts';

/** Labels by which compose, in its versions and imitations, says which service a container is of. */
const serviceLabels = [
  'com.docker.compose.service',
  'io.podman.compose.service',
  'com.docker.swarm.service.name',
] as const;

/** Whether a container is one of this compose service, and not one that `run` started beside it for one command. */
export function isOfService({ labels }: Pick<Container, 'labels'>, service: string): boolean {
  if (/^true$/i.test(labels['com.docker.compose.oneoff'] ?? '')) return false;
  return serviceLabels.some((name) => labels[name] === service);
}

/** Whether a name reads as compose would name a container of this service: `momo-report-1`, `momo_report_1`. */
export function mayBeOfService(name: string, service: string): boolean {
  return [`-${service}-`, `_${service}_`].some((middle) => {
    const at = name.lastIndexOf(middle);
    return at > 0 && /^\d+$/.test(name.slice(at + middle.length));
  });
}
