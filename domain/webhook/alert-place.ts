import { isMeter } from './blind-monitoring.ts';
import type { Estate } from '../estate.ts';

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
 * not know is left out beside a target: it is the exporter's, and would make the target unresolvable. An exporter
 * that the estate file does not know is never a target: it measures another.
 */
export const placeOf = (
  labels: Readonly<Record<string, string>>,
  places: KnownPlaces | null,
): { target?: string; host?: string } => {
  const isKnown = (name: string): boolean => knownPlaceOf(name, places).target !== undefined;
  const named = firstOf(labels, ['container', 'container_name', 'name']);
  const target = named !== undefined && isMeter(named, null) && !isKnown(named) ? undefined : named;
  const host = firstOf(labels, ['host', 'hostname', 'node']);
  const told = { ...(target === undefined ? {} : { target }), ...(host === undefined ? {} : { host }) };
  const address = firstOf(labels, ['instance']) ?? '';
  const instance = hostPart(address);
  if (instance === '') return told;
  const known = knownPlaceOf(instance, places);
  if (known.host !== undefined || target !== undefined) return { ...known, ...told };
  if (known.target !== undefined) return { target: instance, ...told };
  if (/^\d{1,3}(\.\d{1,3}){3}$|^\[/.test(instance)) return { host: instance, ...told };
  const port = Number(/:(\d{1,5})(?:[/?#]|$)/.exec(address)?.[1] ?? NaN);
  if (!isMeter(instance, port) && !isMeter(labels['job'] ?? '', null)) return { target: instance, ...told };
  // One that measures a machine goes by the machine's name, or by its own beside it, on the only one there is.
  const own = isMeter(instance, null) ? onlyHostOf(places) : instance;
  return own === undefined || !measuresMachine(port, labels['job']) ? told : { host: own, ...told };
};

/** node_exporter and windows_exporter, by port or job. */
const measuresMachine = (port: number, job = ''): boolean =>
  port === 9100 || port === 9182 || /node|windows|machine|host/i.test(job);

/** The host that all targets are on, where it is one: the others are on the way to it. */
const onlyHostOf = (places: KnownPlaces | null): string | undefined => {
  const hosts = new Set(Object.values(places?.targets ?? {}).map(({ host }) => host));
  return hosts.size === 1 ? [...hosts][0] : undefined;
};
