import { judge, type Expectation, type Judgement } from '../domain/container/judge.ts';
import type { Container } from '../domain/container/container.ts';
import type { Estate } from '../domain/estate.ts';
import { protectionOf } from '../domain/policy/protection.ts';
import { lookUpContainer } from './containers/look-up-container.ts';
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
  | { kind: 'unreachable'; reason: string; advice: string; durationMs: number };

export interface LookInput {
  host: string;
  /** Name or full id. */
  container: string;
}

/** Looks a container up on its host, and says whether it is protected by any of its names (ADR-013 A8). Changes nothing. */
export async function lookAt({ estate, ssh }: LookDeps, { host, container }: LookInput): Promise<Sight> {
  const found = await lookUpContainer(ssh, { host, name: container });
  switch (found.kind) {
    case 'found': {
      const protection = protectionOf(found.container, estate);
      if (protection.protected) {
        const { rule, reason, wayForward } = protection;
        return { kind: 'protected', rule, reason, wayForward };
      }
      const judgement = judge(found.container, expectationOf(found.container, estate, host, container));
      return { kind: 'found', container: found.container, judgement, durationMs: found.durationMs };
    }
    case 'none':
      return {
        kind: 'refused',
        rule: 'unknown',
        reason: `there is no container ${container} on ${host}`,
        wayForward: 'Correct the target in the estate file, or create the container.',
      };
    case 'several':
      return {
        kind: 'refused',
        rule: 'ambiguous',
        reason: `${container} means several containers on ${host}: ${found.ids.join(', ')}`,
        wayForward: 'Name one container exactly.',
      };
    case 'failed':
      return {
        kind: 'unreachable',
        reason: found.result.message,
        advice: found.result.advice,
        durationMs: found.result.durationMs,
      };
  }
}

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
