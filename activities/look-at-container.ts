import { judge, type Expectation, type Judgement } from '../domain/container/judge.ts';
import type { Container } from '../domain/container/container.ts';
import { waitForLookSec, type EngineTrouble } from '../domain/container/engine-trouble.ts';
import type { Estate } from '../domain/estate.ts';
import { protectionOf } from '../domain/policy/protection.ts';
import { lookUpContainer, type RemoteFailure } from './containers/look-up-container.ts';
import { lookUpService } from './containers/look-up-service.ts';
import type { SshLayer } from './gateways/ssh/layer.ts';

export interface LookDeps {
  estate: Estate;
  ssh: SshLayer;
}

/** What is really there, resolved on the host itself: the identity that any action then uses. */
export type Sight =
  | { kind: 'found'; container: Container; judgement: Judgement; durationMs: number }
  | { kind: 'protected'; rule: string; reason: string; wayForward: string }
  | { kind: 'refused'; rule: 'unknown' | 'ambiguous'; reason: string; wayForward: string }
  /** `trouble`: Docker's; null where the host itself could not be asked. `waitSec`: how long it may be worth asking again. */
  | {
      kind: 'unreachable';
      trouble: EngineTrouble | null;
      waitSec: number;
      reason: string;
      advice: string;
      durationMs: number;
    };

export interface LookInput {
  host: string;
  /** Name or full id. */
  container: string;
}

/**
 * Looks a container up on its host, and says whether it is protected by any of its names (ADR-013 A8). A name that no
 * container has may be a compose service's. Changes nothing.
 */
export async function lookAt(deps: LookDeps, { host, container }: LookInput): Promise<Sight> {
  const found = await lookUpContainer(deps.ssh, { host, name: container });
  switch (found.kind) {
    case 'found':
      return sightOf(deps, host, container, found);
    case 'none':
      return isFullId(container) ? missing(host, container, []) : lookAtService(deps, { host, container });
    case 'several':
      return several(host, container, found.ids);
    case 'failed':
      return unreachable(found.result);
  }
}

async function lookAtService(deps: LookDeps, { host, container }: LookInput): Promise<Sight> {
  const found = await lookUpService(deps.ssh, host, container);
  switch (found.kind) {
    case 'found':
      return sightOf(deps, host, container, found);
    case 'none':
      return missing(host, container, found.named);
    case 'several':
      return several(host, container, found.names);
    case 'failed':
      return unreachable(found.result);
  }
}

export const isFullId = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);

function sightOf(
  { estate }: LookDeps,
  host: string,
  asked: string,
  { container, durationMs }: { container: Container; durationMs: number },
): Sight {
  const protection = protectionOf(container, estate);
  if (protection.protected) {
    const { rule, reason, wayForward } = protection;
    return { kind: 'protected', rule, reason, wayForward };
  }
  const judgement = judge(container, expectationOf(container, estate, host, asked));
  return { kind: 'found', container, judgement, durationMs };
}

function missing(host: string, container: string, named: readonly string[]): Sight {
  const reason = `there is no container ${container} on ${host}`;
  return {
    kind: 'refused',
    rule: 'unknown',
    reason: isFullId(container) ? reason : `${reason}, and none of a compose service of that name`,
    wayForward:
      named.length === 0
        ? 'Correct the target in the estate file, or create the container.'
        : `Correct the target in the estate file (\`container:\`), or create the container. Like it are: ${named.join(', ')}.`,
  };
}

const several = (host: string, container: string, found: readonly string[]): Sight => ({
  kind: 'refused',
  rule: 'ambiguous',
  reason: `${container} means several containers on ${host}: ${found.join(', ')}`,
  wayForward: 'Give each a target of its own in the estate file, with `container:` and its exact name.',
});

const unreachable = (result: RemoteFailure): Sight => {
  const { trouble, reason, message, advice, durationMs } = result;
  const waitSec = waitForLookSec(trouble ?? null, reason);
  return { kind: 'unreachable', trouble: trouble ?? null, waitSec, reason: message, advice, durationMs };
};

/** What the estate expects of the target that this container is of. @param asked the name or id it was looked up by */
export function expectationOf(
  { name, labels }: Container,
  { targets }: Estate,
  host: string,
  asked: string,
): Expectation {
  const names = [asked, name, labels['com.docker.compose.service']];
  const service = Object.entries(targets).some(
    ([key, target]) =>
      target.service && target.host === host && [key, target.container].some((own) => names.includes(own)),
  );
  return { service };
}

export function createLookAtContainer(deps: LookDeps) {
  return (input: LookInput): Promise<Sight> => lookAt(deps, input);
}
