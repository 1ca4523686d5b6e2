import type { Container } from '../container/container.ts';
import { namespaceOwner } from '../container/network.ts';
import type { Estate } from '../estate.ts';
import { protectionOf } from './protection.ts';

/**
 * A protected container that lives in this one's network namespace: a restart would leave it in a dead one, cut off
 * from everybody (ADR-013 A8). Null where there is none among `all` of the same host.
 */
export function protectedGuestOf(
  container: Container,
  all: readonly Container[],
  estate: Estate,
): { name: string; by: string } | null {
  for (const guest of all) {
    if (namespaceOwner(guest, [container])?.id !== container.id) continue;
    const protection = protectionOf(guest, estate);
    if (protection.protected) return { name: guest.name, by: protection.reason };
  }
  return null;
}
