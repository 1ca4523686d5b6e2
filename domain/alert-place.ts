import type { Estate } from './estate.ts';

/** What of the estate file is needed to tell a container from a host in an alert's labels. */
export type KnownPlaces = Pick<Estate, 'hosts' | 'targets'>;

const firstOf = (labels: Readonly<Record<string, string>>, names: readonly string[]): string | undefined =>
  names.map((name) => labels[name]?.trim()).find((value) => value !== undefined && value !== '');

/** `http://momo-web:8080/health` and `momo-web:8080` are `momo-web`. */
const hostPart = (instance: string): string =>
  instance
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/s, '')
    .replace(/:\d{1,5}$/, '');

/** The host or target of the estate file that goes by this very name or address; nothing where none does. */
export const knownPlaceOf = (
  name: string,
  places: KnownPlaces | null,
): { target?: string; host?: string } => {
  if (places === null || name === '') return {};
  const hosts = Object.entries(places.hosts);
  if (hosts.some(([key, host]) => key === name || host.address === name)) return { host: name };
  const targets = Object.entries(places.targets);
  const isTarget = targets.some(
    ([key, target]) => key === name || target.container === name || target.aliases.includes(name),
  );
  return isTarget ? { target: name } : {};
};

/**
 * Where an alert is about. `container`, `container_name` and `name` say the target, `host`, `hostname` and `node`
 * the host. `instance` is either, as exporters use it for both: the estate file decides, and where it knows
 * neither, an address is a host and a name is a target. A host that only `instance` names and the estate file does
 * not know is left out beside a target: it is the exporter's, and would make the target unresolvable.
 */
export const placeOf = (
  labels: Readonly<Record<string, string>>,
  places: KnownPlaces | null,
): { target?: string; host?: string } => {
  const target = firstOf(labels, ['container', 'container_name', 'name']);
  const host = firstOf(labels, ['host', 'hostname', 'node']);
  const told = { ...(target === undefined ? {} : { target }), ...(host === undefined ? {} : { host }) };
  const instance = hostPart(firstOf(labels, ['instance']) ?? '');
  if (instance === '') return told;
  const known = knownPlaceOf(instance, places);
  if (known.host !== undefined || target !== undefined) return { ...known, ...told };
  const looksLikeAddress = /^\d{1,3}(\.\d{1,3}){3}$|^\[/.test(instance);
  return looksLikeAddress && known.target === undefined
    ? { host: instance, ...told }
    : { target: instance, ...told };
};
