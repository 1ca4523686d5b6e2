import type { Evidence, Found, HealLogRow } from './evidence.ts';

/** Clocks are one machine's; a heal log's times are the workflow's, which a slow task lets lag. */
const slackMs = 1500;

/**
 * What the hosts saw against what was decided: each restart belongs to one attempt that was recorded, and no attempt
 * has more than one. Nothing protected is ever touched.
 */
export function auditEffects({
  effects,
  records,
  protectedContainers,
}: Evidence): Found<'duplicateSideEffects' | 'protectedSideEffects' | 'unrecordedSideEffects'> {
  const counts = { duplicateSideEffects: 0, protectedSideEffects: 0, unrecordedSideEffects: 0 };
  const findings: string[] = [];
  const byCommand = effects.filter(({ commandId }) => commandId !== null);
  for (const { container, effect, at, by } of byCommand) {
    if (!protectedContainers.includes(container)) continue;
    counts.protectedSideEffects += 1;
    findings.push(`${container} is protected, and saw a ${effect} at ${at} by ${by}`);
  }
  const taken = new Map<HealLogRow, string>();
  for (const { effect, container, containerId, at } of byCommand) {
    if (effect !== 'restart') continue;
    const atMs = Date.parse(at);
    const attempts = records.healLogs.filter(
      ({ command, startedAtMs, durationMs }) =>
        command?.includes(containerId) === true &&
        startedAtMs - slackMs <= atMs &&
        atMs <= startedAtMs + durationMs + slackMs,
    );
    const own = attempts.find((attempt) => !taken.has(attempt));
    if (own !== undefined) {
      taken.set(own, at);
      continue;
    }
    const [first] = attempts;
    if (first === undefined) {
      counts.unrecordedSideEffects += 1;
      findings.push(`${container} was restarted at ${at}, and no heal log says so`);
    } else {
      counts.duplicateSideEffects += 1;
      findings.push(
        `${container} was restarted at ${taken.get(first)} and at ${at} by one attempt, of incident ${first.incidentId}`,
      );
    }
  }
  return { counts, findings };
}
