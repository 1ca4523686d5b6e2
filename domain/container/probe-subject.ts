import type { Probe } from './probe.ts';

/** What a wait looks at: a name, perhaps a port, or an address to call. */
export interface ProbeSubject {
  name: string | null;
  port: number | null;
  url: string | null;
  /** Written in the playbook by its operator: then it is looked at from the worker as well, wherever it may be. */
  explicit: boolean;
}

/** From the playbook's own words, else from what classification captured of the text. */
export function subjectOf(probe: Probe, facts: Readonly<Record<string, string>>): ProbeSubject {
  const own = ownWords(probe);
  const explicit = own.name !== null || own.url !== null;
  const url = own.url ?? (own.name === null ? (facts['url'] ?? null) : null);
  const called = url !== null && URL.canParse(url) ? new URL(url) : null;
  const name = own.name ?? facts['name'] ?? facts['host'] ?? called?.hostname ?? null;
  // A host of the operator's is asked at the operator's port, never at one that a report names.
  const port = own.port ?? (own.name === null ? numberOf(facts['port']) : null) ?? numberOf(called?.port);
  return { name, port, url, explicit };
}

function ownWords(probe: Probe): { name: string | null; port: number | null; url: string | null } {
  switch (probe.kind) {
    case 'resolve':
      return { name: probe.name ?? null, port: null, url: null };
    case 'database':
    case 'port':
      return { name: probe.host ?? null, port: probe.port ?? null, url: null };
    case 'http':
      return { name: null, port: null, url: probe.url ?? null };
    case 'container':
      return { name: null, port: null, url: null };
  }
}

const numberOf = (text: string | undefined): number | null =>
  text === undefined || text === '' ? null : Number(text);
