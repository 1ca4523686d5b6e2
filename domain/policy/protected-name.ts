import { readsAs, skeleton } from './look-alike.ts';

/** ADR-013 A8: protected for ever, whatever a playbook row, a caller or an operator's file says. */
export const protectedForEver = ['momo-db', 'momo-postgres'] as const;

/** What Compose, Swarm and `compose run` append to a service's name: `-1`, `.1.<25>`, `-run-<hex>`. */
const instanceSuffix = /(?:-run-[0-9a-f]+|-\d+(?:-[a-z0-9]{25})?)$/;

/**
 * Which of the protected names this name stands for, or null. It stands for one when it reads the same
 * (domain/policy/look-alike.ts), alone or as Compose would spell it: `momo-postgres-1`, `proj_momo-db_1`,
 * `0a1b2c3d4e5f_momo-db-1`.
 */
export function protectedNameIn(name: string, protectedNames: readonly string[]): string | null {
  const whole = skeleton(name);
  const bare = whole.replace(instanceSuffix, '');
  const readings = new Set([readsAs(whole), readsAs(bare)]);
  for (const candidate of protectedNames) {
    const wanted = readsAs(skeleton(candidate));
    if (wanted === '') continue;
    const forEver = (protectedForEver as readonly string[]).includes(candidate);
    for (const reading of readings) {
      const compact = reading.replaceAll('-', '');
      const wantedCompact = wanted.replaceAll('-', '');
      if (reading === wanted || reading.endsWith(`-${wanted}`) || compact === wantedCompact) return candidate;
      if (forEver && compact.endsWith(wantedCompact)) return candidate;
    }
  }
  return null;
}
