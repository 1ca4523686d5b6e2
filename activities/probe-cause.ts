import type { Estate } from '../domain/estate.ts';
import { matchCommand } from '../domain/policy/command.ts';
import { subjectOf, type ProbeSubject } from '../domain/container/probe-subject.ts';
import type { Probe } from '../domain/container/probe.ts';
import type { Roster } from './containers/roster.ts';
import { askHttp } from './gateways/probe/http.ts';
import { openPort, resolveName } from './gateways/probe/network.ts';
import type { SshLayer } from './gateways/ssh/layer.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { findParts, isLoopback, type FoundParts } from './probing/find-parts.ts';
import { askDatabase, lookAtPart, type Seen } from './probing/look-at-part.ts';
import { lookAtItself } from './probing/look-at-itself.ts';

export interface ProbeDeps {
  ssh: SshLayer;
  estate: Estate;
  roster: Roster;
}

export interface ProbeInput {
  probe: Probe;
  /** Where the failing program runs. Null: nobody knows. */
  host: string | null;
  container: string | null;
  errorType: string;
  /** What classification captured from the report. */
  facts: Record<string, string>;
}

export type Probed = Seen & { durationMs: number };

const probeTimeoutMs = 5000;

/**
 * Looks whether the cause of a wait is gone: by the containers that it is about before anything else, since Docker's
 * names resolve inside its networks alone. Read-only, never throws; "there" only where a look saw that.
 */
export function createProbeCause(deps: ProbeDeps) {
  return async (input: ProbeInput): Promise<Probed> => {
    const begunMs = Date.now();
    const { seen, detail } = await whileHeartbeating(() => look(deps, input));
    return { seen, detail, durationMs: Date.now() - begunMs };
  };
}

async function look(deps: ProbeDeps, input: ProbeInput): Promise<Seen> {
  const { probe, facts } = input;
  if (probe.kind === 'container') return lookAtItself(deps, input);
  const subject = subjectOf(probe, facts);
  const found = await findParts(deps, probe, subject, input);
  if (found.parts.length > 0) {
    const looks = await Promise.all(
      found.parts.map((part) => lookAtPart(deps, probe.kind, part, subject.port)),
    );
    return found.named ? any(looks) : all(looks);
  }
  return lookElsewhere(deps, input, subject, found);
}

/** What the text names is there when one that goes by the name is: several may, of one service. */
function any(looks: readonly Seen[]): Seen {
  const best = looks.find(({ seen }) => seen === 'gone') ?? looks.find(({ seen }) => seen === 'unknown');
  return best ?? all(looks);
}

/** Of all that a target depends on, one that is not there is enough. */
function all(looks: readonly Seen[]): Seen {
  const by = (kind: Seen['seen']): Seen[] => looks.filter(({ seen }) => seen === kind);
  const worst = [by('there'), by('unknown'), by('gone')].find((some) => some.length > 0) ?? [];
  return { seen: worst[0]?.seen ?? 'unknown', detail: worst.map(({ detail }) => detail).join('; ') };
}

/** No container goes by that name: something outside Docker, or nothing that can be looked at. */
async function lookElsewhere(
  deps: ProbeDeps,
  { probe, host }: ProbeInput,
  { name, port, url, explicit }: ProbeSubject,
  { complete, problems }: FoundParts,
): Promise<Seen> {
  if (problems.length > 0) return unknown(problems.join('; '));
  // An address that only the report names is nobody's here: who may report would choose where the worker knocks.
  if (probe.kind === 'http' && url !== null && explicit) {
    const { gone, detail } = await askHttp(url, probe.expectStatus, probeTimeoutMs);
    return { seen: gone ? 'gone' : 'there', detail };
  }
  if (name === null)
    return unknown(`the report doesn't say ${missing[probe.kind]}, nor does its target's setup`);
  if (isLoopback(name)) return unknown(`${name} is the failing program's own machine, where nobody can look`);
  if (probe.kind === 'resolve') return resolves(deps, host, name, complete);
  if (probe.kind === 'database' && host !== null && !isAddress(name)) {
    const asked = await askDatabase(deps, host, { name }, port);
    if (asked !== null) return asked;
  }
  if (explicit && port !== null) {
    const { gone, detail } = await openPort(name, port, probeTimeoutMs);
    return { seen: gone ? 'gone' : 'there', detail };
  }
  return unknown(`${name} is no part of the estate, so AutoHeal can't look at it`);
}

/** By the failing program's own host: what Docker doesn't know is resolved there. */
async function resolves(
  { ssh }: ProbeDeps,
  host: string | null,
  name: string,
  complete: boolean,
): Promise<Seen> {
  if (host === null) {
    const { gone, detail } = await resolveName(name, probeTimeoutMs);
    return { seen: gone ? 'gone' : 'unknown', detail };
  }
  const allowed = matchCommand(['getent', 'hosts', name]);
  if (!allowed.ok) return unknown(`it can't be probed: ${allowed.reason}`);
  const result = await ssh.run({ host, argv: allowed.argv, timeoutMs: probeTimeoutMs, maxOutputBytes: 4096 });
  if (result.kind === 'failed') return unknown(result.message);
  if (result.exitCode === 0) return { seen: 'gone', detail: `${name} resolves on ${host}` };
  // 2: the name was looked for, and not found. Anything else: nobody looked.
  if (result.exitCode !== 2 || !complete) return unknown(`${host} could not say whether ${name} resolves`);
  return { seen: 'there', detail: `no container on ${host} goes by ${name}, and it does not resolve there` };
}

const unknown = (detail: string): Seen => ({ seen: 'unknown', detail });

const missing = {
  resolve: 'which name to look for',
  database: 'which database to ask',
  port: 'which port to open',
  http: 'which address to ask',
  container: 'which container to look at',
} satisfies Record<Probe['kind'], string>;

const isAddress = (name: string): boolean => /^[0-9.]+$/.test(name) || name.includes(':');
