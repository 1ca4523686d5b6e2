import type { Estate } from '../estate.ts';
import { protectionOf } from './protection.ts';
import { refusal, type PolicyRefusal } from './refusal.ts';
import { resolveTarget, type ResolvedTarget } from './target.ts';

/** Why a target may not be acted on. What is protected is told apart: a playbook's own choice of it is downgraded. */
export type TargetJudgement = ResolvedTarget | (PolicyRefusal & { isProtected: boolean });

/**
 * Whether an action may have this target, as far as names tell: protected by the name that is given, even where the
 * estate file doesn't know it; then the one target that is meant; then protected by any other of its names
 * (ADR-013 A8). On the host it is judged once more, by the container's identity.
 * @param host estate host that it must be on, where the caller says so
 */
export function judgeTarget(
  named: string | null | undefined,
  host: string | null | undefined,
  estate: Estate,
): TargetJudgement {
  const byName = named == null ? null : protectedAs({ name: named }, estate);
  if (byName !== null) return byName;
  const target = resolveTarget(named, host, estate);
  if (!target.ok) return { ...target, isProtected: false };
  return protectedAs({ name: target.container, aliases: target.names }, estate) ?? target;
}

function protectedAs(names: Parameters<typeof protectionOf>[0], estate: Estate) {
  const found = protectionOf(names, estate);
  if (!found.protected) return null;
  return { ...refusal(found.rule, found.reason, found.wayForward), isProtected: true };
}
