import type { Container } from './container.ts';

/** Whether a container goes by this name where others look for it: its own name, an alias, its compose service. */
export function goesBy(
  { name, networkAliases, labels }: Pick<Container, 'name' | 'networkAliases' | 'labels'>,
  wanted: string,
): boolean {
  const service = labels['com.docker.compose.service'];
  return name === wanted || service === wanted || networkAliases.includes(wanted);
}

/** Networks in which Docker resolves no names: the default bridge, the host's own and none. */
const withoutNames = new Set(['bridge', 'host', 'none']);

/**
 * Whether names of `part` resolve for `seeker`: they share a network that has names, or one namespace.
 * @param all of the same host, to find whose namespace a container lives in
 */
export function sharesNetwork(seeker: Container, part: Container, all: readonly Container[]): boolean {
  const from = new Set(namedNetworks(seeker, all));
  return namedNetworks(part, all).some((network) => from.has(network));
}

function namedNetworks(container: Container, all: readonly Container[]): string[] {
  const owner = namespaceOwner(container, all) ?? container;
  return owner.networks.filter((network) => !withoutNames.has(network));
}

/** The container in whose network namespace this one lives, where it has none of its own. */
export function namespaceOwner({ networkMode }: Container, all: readonly Container[]): Container | null {
  if (!networkMode.startsWith('container:')) return null;
  const wanted = networkMode.slice('container:'.length);
  return all.find(({ id, name }) => id === wanted || name === wanted) ?? null;
}
