/** Deeper than any sender nests what it says; what walks through it by calling itself would run out of stack far below. */
const deepest = 100;

/** Whether lists and objects lie in one another deeper than is read. */
export function isTooDeep(body: unknown): boolean {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((each): unknown[] =>
      typeof each === 'object' && each !== null
        ? Object.values<unknown>(each as Record<string, unknown>).filter(
            (inner) => typeof inner === 'object' && inner !== null,
          )
        : [],
    );
  }
  return false;
}
