import type { Container } from '../container/container.ts';
import type { Estate } from '../estate.ts';
import { holdsData } from './database/holds-data.ts';
import { labelOf, labelsOf } from './labels.ts';
import { protectedForEver, protectedNameIn } from './protected-name.ts';
import { shown } from './refusal.ts';

export type Protection =
  | { protected: false }
  | {
      protected: true;
      /** The protected name, or the property, that it was recognised by. */
      by: string;
      rule: 'protected-name' | 'protected-id' | 'protected-label' | 'protected-image';
      reason: string;
      wayForward: string;
    };

/** A container as looked up on its host, or, before that, the names that it goes by. */
export type ProtectionSubject = Container | { name: string; aliases?: readonly string[] };

const byHand = 'a person who may do so restarts it by hand; AutoHeal waits for it or tells someone';

/** Labels by which orchestrators name the service that a container is of. */
const serviceLabels = [
  'com.docker.compose.service',
  'com.docker.swarm.service.name',
  'io.podman.compose.service',
  'io.kubernetes.container.name',
  'com.docker.swarm.task.name',
  'io.kubernetes.pod.name',
];

/**
 * Whether this may be touched with a side effect (ADR-013 A8). Every name that a container goes by counts: its own,
 * its network aliases, its Compose or Swarm service with and without the project, its id, its image. Call it with
 * names when a target is chosen, and again with the resolved container right before acting.
 */
export function protectionOf(subject: ProtectionSubject, estate: Estate): Protection {
  const names = [...protectedForEver, ...estate.protected, ...containersOfListedTargets(estate)];
  for (const [how, name] of namesOf(subject)) {
    const by = protectedNameIn(name, names);
    if (by !== null) return isProtected('protected-name', by, `${how} "${shown(name)}" stands for ${by}`);
  }
  if (!('id' in subject)) return { protected: false };
  const id = estate.protected.find(
    (entry) => /^[0-9a-f]{6,64}$/i.test(entry) && subject.id.startsWith(entry.toLowerCase()),
  );
  if (id !== undefined) return isProtected('protected-id', id, `its id ${subject.id.slice(0, 12)} is listed`);
  if (labelsOf(subject, 'autoheal.protected').some((value) => !/^(?:false|no|0)$/i.test(value))) {
    return isProtected('protected-label', 'autoheal.protected', 'it carries the label autoheal.protected');
  }
  const data = holdsData(subject);
  if (data === null || estate.restartableDatabases.includes(subject.name)) return { protected: false };
  const way = `${byHand}; if it may be restarted, list "${shown(subject.name)}" under restartableDatabases`;
  return isProtected('protected-image', subject.image, data, way);
}

function isProtected(
  rule: Extract<Protection, { protected: true }>['rule'],
  by: string,
  why: string,
  wayForward = byHand,
): Protection {
  return { protected: true, by, rule, reason: `protected, never touched automatically: ${why}`, wayForward };
}

/** Every name of the subject with what kind of name it is. */
function* namesOf(subject: ProtectionSubject): Generator<[string, string]> {
  yield ['the name', subject.name.replace(/^\//, '')];
  if (!('id' in subject)) {
    for (const alias of subject.aliases ?? []) yield ['the alias', alias];
    return;
  }
  for (const alias of subject.networkAliases) yield ['its network alias', alias];
  const project = labelOf(subject, 'com.docker.compose.project');
  for (const label of serviceLabels) {
    for (const service of labelsOf(subject, label)) {
      yield ['its service', service];
      if (project !== null) yield ['its service', `${project}-${service}`];
    }
  }
}

/** An entry of `protected` may be a target's key or alias: then it means that target's container. */
function containersOfListedTargets({ protected: listed, targets }: Estate): string[] {
  return Object.entries(targets).flatMap(([key, { container, aliases }]) =>
    container !== undefined && [key, ...aliases].some((name) => listed.includes(name)) ? [container] : [],
  );
}
