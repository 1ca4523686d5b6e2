import type { Container } from '../../domain/container/container.ts';
import { goesBy } from '../../domain/container/network.ts';
import type { Estate } from '../../domain/estate.ts';
import { holdsData } from '../../domain/policy/database/holds-data.ts';
import type { Probe } from '../../domain/container/probe.ts';
import type { ProbeSubject } from '../../domain/container/probe-subject.ts';
import type { Roster, RosterEntry } from '../containers/roster.ts';

/** A container that a wait is about, with the name that led to it. */
export interface Part {
  host: string;
  container: Container;
  name: string;
  /** Who has to find it by its name: the reporting target, where that is known and on the same host. */
  seeker: Container | null;
  /** Every container of its host. */
  all: Container[];
}

export interface FoundParts {
  parts: Part[];
  /** The text itself names what it is about, in contrast to all that the target depends on. */
  named: boolean;
  /** Every container of every host in question could be described. */
  complete: boolean;
  /** Hosts that could not be asked, in words. */
  problems: string[];
}

export interface Where {
  host: string | null;
  /** The reporting target's container. */
  container: string | null;
}

/**
 * The parts of the estate that a failure is about: what its text names, by any name that Docker or the estate knows;
 * else, where the text names nothing, what its target depends on by its compose label and its environment. The
 * target itself is none of them: its own health says nothing about its cause.
 */
export async function findParts(
  { roster, estate }: { roster: Roster; estate: Estate },
  probe: Probe,
  subject: ProbeSubject,
  where: Where,
): Promise<FoundParts> {
  const rosters = await Promise.all(
    hostsInQuestion(estate, subject, where).map(async (host) => ({ host, roster: await roster.of(host) })),
  );
  const listed = rosters.flatMap(({ host, roster: seen }) =>
    seen.kind === 'listed' ? [{ host, entries: seen.entries }] : [],
  );
  const seeker = findSeeker(listed, where);
  const found = {
    complete: rosters.every(({ roster: seen }) => seen.kind === 'listed' && seen.complete),
    problems: rosters.flatMap(({ roster: seen }) => (seen.kind === 'failed' ? [seen.reason] : [])),
  };
  const partOf = (host: string, container: Container, name: string, all: RosterEntry[]): Part => ({
    host,
    container,
    name,
    seeker: seeker === null || host !== where.host ? null : seeker.container,
    all: all.map((entry) => entry.container),
  });
  const others = listed.map(({ host, entries }) => ({
    host,
    entries: entries.filter(({ container }) => container.id !== seeker?.container.id),
    all: entries,
  }));
  if (subject.name !== null && !isLoopback(subject.name)) {
    const { name, port } = subject;
    const parts = others.flatMap(({ host, entries, all }) =>
      entries
        .filter(({ container }) => isMeant(container, host, name, port, estate))
        .map(({ container }) => partOf(host, container, name, all)),
    );
    return { ...found, parts, named: true };
  }
  const depends = (seeker?.mentions ?? []).filter(
    ({ port }) => subject.port === null || port === null || port === subject.port,
  );
  const all = others.flatMap(({ host, entries, all: every }) =>
    entries.flatMap(({ container }) => {
      const mention = depends.find(({ name }) => goesBy(container, name));
      return mention === undefined ? [] : [partOf(host, container, mention.name, every)];
    }),
  );
  const databases = all.filter(({ container }) => holdsData(container) !== null);
  const parts = probe.kind === 'database' && databases.length > 0 ? databases : all;
  return { ...found, parts, named: false };
}

/** Where the part may be: on the target's host, on the host of a target that goes by its name, else anywhere. */
function hostsInQuestion(estate: Estate, subject: ProbeSubject, { host }: Where): string[] {
  const name = subject.name === null || isLoopback(subject.name) ? null : subject.name;
  const hosts = new Set<string>(host === null ? [] : [host]);
  for (const [key, target] of Object.entries(estate.targets)) {
    const isNamed = name !== null && [key, target.container, ...target.aliases].includes(name);
    if (host === null || isNamed) hosts.add(target.host);
  }
  for (const [key, { address }] of Object.entries(estate.hosts))
    if (name !== null && (key === name || address === name)) hosts.add(key);
  return [...hosts].filter((each) => Object.hasOwn(estate.hosts, each));
}

function findSeeker(
  listed: readonly { host: string; entries: RosterEntry[] }[],
  { host, container }: Where,
): RosterEntry | null {
  if (container === null) return null;
  const here = listed.find((each) => each.host === host)?.entries ?? [];
  const exact = here.find((entry) => entry.container.name === container);
  return exact ?? here.find((entry) => goesBy(entry.container, container)) ?? null;
}

function isMeant(
  container: Container,
  host: string,
  name: string,
  port: number | null,
  estate: Estate,
): boolean {
  if (goesBy(container, name) || container.addresses.includes(name)) return true;
  const byEstate = Object.entries(estate.targets).some(
    ([key, target]) =>
      target.host === host &&
      (key === name || target.aliases.includes(name)) &&
      goesBy(container, target.container ?? key),
  );
  if (byEstate) return true;
  const isHost = host === name || estate.hosts[host]?.address === name;
  return isHost && port !== null && container.hostPorts.includes(port);
}

export const isLoopback = (name: string): boolean =>
  name === 'localhost' || name === '::1' || name.startsWith('127.') || name === '0.0.0.0';
