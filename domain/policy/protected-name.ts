import { readsAs, skeleton } from './look-alike.ts';

/** ADR-013 A8: protected for ever, whatever a playbook row, a caller or an operator's file says. */
export const protectedForEver = ['momo-db', 'momo-postgres'] as const;

/**
 * What Compose, Swarm and people append to a service's name: `-1`, `-run-<hex>`, old Compose's `_1_<12 hex>`, Swarm's
 * ids of tasks and nodes, a version (`momo-postgres16`).
 */
const suffixes = [
  /-run-[0-9a-f]+$/,
  /-[a-z0-9]{25}$/,
  /(?<=-[0-9]+)-[0-9a-f]{12}$/,
  /-[0-9]+$/,
  /(?<=[a-z])[0-9]+$/,
];

/** A name's skeleton, and what is left of it as each suffix is taken off. */
function* withoutSuffixes(whole: string): Generator<string> {
  let current = whole;
  for (let round = 0; round < 6; round += 1) {
    yield current;
    const shorter = suffixes.map((suffix) => current.replace(suffix, '')).find((next) => next !== current);
    if (shorter === undefined) return;
    current = shorter;
  }
}

/**
 * Which of the protected names this name stands for, or null. It stands for one when it reads the same
 * (domain/policy/look-alike.ts), alone or as Compose, Swarm or a version would spell it: `momo-postgres-1`,
 * `proj_momo-db_1`, `0a1b2c3d4e5f_momo-db-1`, `momo-db1`, `momo-postgresql`.
 */
export function protectedNameIn(name: string, protectedNames: readonly string[]): string | null {
  const readings = new Set([...withoutSuffixes(skeleton(name))].map(readsAs));
  for (const candidate of protectedNames) {
    const wanted = readsAs(skeleton(candidate));
    if (wanted === '') continue;
    const forEver = (protectedForEver as readonly string[]).includes(candidate);
    for (const spelt of readings) {
      const reading = forEver ? spelt.replace(/postgresql$/, 'postgres') : spelt;
      const compact = reading.replaceAll('-', '');
      const wantedCompact = wanted.replaceAll('-', '');
      if (reading === wanted || reading.endsWith(`-${wanted}`) || compact === wantedCompact) return candidate;
      if (forEver && compact.endsWith(wantedCompact)) return candidate;
    }
  }
  return null;
}
