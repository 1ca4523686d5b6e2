import { sleep } from '@temporalio/activity';
import { judge, type Judgement } from '../../domain/container/judge.ts';
import { sharesNetwork } from '../../domain/container/network.ts';
import { watchLengthSec } from '../../domain/container/watch-length.ts';
import type { Container } from '../../domain/container/container.ts';
import type { Estate } from '../../domain/estate.ts';
import { matchCommand } from '../../domain/policy/command.ts';
import type { Probe } from '../../domain/container/probe.ts';
import type { SshLayer } from '../gateways/ssh/layer.ts';
import { lookUpContainer } from '../containers/look-up-container.ts';
import { expectationOf } from '../look-at-container.ts';
import type { Part } from './find-parts.ts';

/**
 * What a look at a cause saw: that it is gone, that it is still there, or nothing that tells one from the other.
 * `unknown` is no "still there": a wait that ends on it says so.
 */
export interface Seen {
  seen: 'gone' | 'there' | 'unknown';
  detail: string;
}

export interface PartDeps {
  ssh: SshLayer;
  estate: Estate;
}

const betweenLooksMs = 1000;

/**
 * Whether a part is there again, by its container's state and health. Running without a health check proves its
 * name; that it accepts is then asked of the database itself, where the host has the program for that.
 */
export async function lookAtPart(
  deps: PartDeps,
  kind: Probe['kind'],
  part: Part,
  port: number | null,
): Promise<Seen> {
  const { host, name } = part;
  const called = part.container.name === name ? name : `${name} (${part.container.name})`;
  const say = (seen: Seen['seen'], detail: string): Seen => ({
    seen,
    detail: `${called} on ${host}: ${detail}`,
  });
  const { seeker } = part;
  const [now, seeks] = await Promise.all([
    look(deps, part),
    seeker === null ? null : look(deps, { host, container: seeker }),
  ]);
  if (now.kind === 'unknown') return say('unknown', now.detail);
  if (now.kind === 'none') return say('there', 'its container is gone');
  const { container, judgement } = now;
  if (judgement.is === 'unknown') return say('unknown', judgement.why);
  if (judgement.is !== 'well') return say('there', judgement.why);
  if (seeks?.kind === 'found' && !sharesNetwork(seeks.container, container, part.all))
    return say('there', 'it runs, but shares no network with the target');
  const lasts = await staysWell(deps, part, container);
  if (lasts !== null) return say('there', lasts);
  if (kind === 'resolve' || container.healthCheck !== null) return say('gone', judgement.why);
  const accepts = kind === 'database' ? await askDatabase(deps, host, container, port) : null;
  if (accepts !== null) return say(accepts.seen, accepts.detail);
  return say('unknown', 'it runs, but has no health check that would say whether it accepts');
}

type Look =
  | { kind: 'found'; container: Container; judgement: Judgement }
  | { kind: 'none' }
  | { kind: 'unknown'; detail: string };

async function look(
  { ssh, estate }: PartDeps,
  { host, container: { id, name } }: Pick<Part, 'host' | 'container'>,
): Promise<Look> {
  const found = await lookUpContainer(ssh, { host, name: id });
  if (found.kind === 'failed') return { kind: 'unknown', detail: found.result.message };
  if (found.kind !== 'found') return { kind: 'none' };
  const { container } = found;
  return {
    kind: 'found',
    container,
    judgement: judge(container, expectationOf(container, estate, host, name)),
  };
}

/** One look at a loop can see it up: what Docker keeps restarting has to stay so. @returns null where it does */
async function staysWell(deps: PartDeps, part: Part, first: Container): Promise<string | null> {
  const neededMs = watchLengthSec(0, [first]) * 1000;
  const begunMs = Date.now();
  while (Date.now() - begunMs < neededMs) {
    await sleep(betweenLooksMs);
    const now = await look(deps, part);
    if (now.kind === 'unknown') continue;
    if (now.kind === 'none') return 'its container is gone';
    if (now.container.startedAt !== first.startedAt) return `it was started again; now ${now.judgement.why}`;
    if (now.judgement.is !== 'well') return now.judgement.why;
  }
  return null;
}

const askForMs = 5000;

/** @returns null where the host can't ask: it has no such program, or no way into the container's network */
export async function askDatabase(
  { ssh }: Pick<PartDeps, 'ssh'>,
  host: string,
  at: Pick<Container, 'addresses'> | { name: string },
  port: number | null,
): Promise<Seen | null> {
  const address = 'name' in at ? at.name : at.addresses.find((each) => !each.includes(':'));
  if (address === undefined) return null;
  // A probe's words come from a playbook's row or a report: they have to be a command of the allowlist too.
  const allowed = matchCommand(['pg_isready', '-h', address, '-p', String(port ?? 5432)]);
  if (!allowed.ok) return null;
  const result = await ssh.run({ host, argv: allowed.argv, timeoutMs: askForMs, maxOutputBytes: 4096 });
  if (result.kind === 'failed') return null;
  const whom = 'name' in at ? at.name : 'it';
  // Its exit codes are answers: 0 accepts, 1 rejects; 2 (no answer) may be the way there.
  if (result.exitCode === 0) return { seen: 'gone', detail: `${whom} accepts connections` };
  if (result.exitCode === 1) return { seen: 'there', detail: `${whom} rejects connections` };
  return null;
}
