import type { Container } from './container.ts';

export type Stability =
  | { kind: 'stable'; reason: string }
  | { kind: 'not_yet'; reason: string }
  | { kind: 'broken'; reason: string };

/**
 * Whether a container has stayed well long enough (loop.md, Verification). `first` is the look that saw it well
 * for the first time; a moved StartedAt or restart count since then means that it died again.
 */
export function judgeStability(
  now: Container,
  first: { startedAt: string; restartCount: number; atMs: number } | null,
  nowMs: number,
  stableForSec: number,
): Stability {
  if (first !== null && (now.startedAt !== first.startedAt || now.restartCount !== first.restartCount)) {
    return { kind: 'broken', reason: `it was started again at ${now.startedAt} while it was being watched` };
  }
  if (!now.running) {
    const oom = now.oomKilled ? ', out of memory' : '';
    return { kind: 'broken', reason: `it is ${now.status} (exit code ${now.exitCode}${oom})` };
  }
  if (now.health === 'unhealthy' && first !== null)
    return { kind: 'broken', reason: 'its health check fails again' };
  if (now.health === 'unhealthy' || now.health === 'starting') {
    return { kind: 'not_yet', reason: `health ${now.health}` };
  }
  if (first === null || nowMs - first.atMs < stableForSec * 1000) {
    return {
      kind: 'not_yet',
      reason: `well for ${first === null ? 0 : Math.round((nowMs - first.atMs) / 1000)} s`,
    };
  }
  const health = now.health === 'healthy' ? 'healthy' : 'running';
  return { kind: 'stable', reason: `${health} for ${stableForSec} s since ${now.startedAt}` };
}
