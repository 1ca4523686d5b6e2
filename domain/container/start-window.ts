import type { Container } from './container.ts';

/**
 * The longest that a container may stay `starting` before Docker itself decides, in seconds: its start period, then
 * one check for each of its retries, each after an interval and up to its own time-out. 0 without a health check.
 */
export function startWindowSec({ healthCheck }: Container): number {
  if (healthCheck === null) return 0;
  const { startPeriodSec, intervalSec, timeoutSec, retries } = healthCheck;
  return startPeriodSec + (retries + 1) * (intervalSec + timeoutSec);
}
