import type { ActionParams } from '../playbook/playbook.ts';

/**
 * The pause before attempt `attempt + 1`, in milliseconds: exponential from `backoffSec`, at most
 * `maxBackoffSec`, spread by ±10 % so that failures of one moment don't retry in one moment.
 * @param random a number in [0, 1): the workflow's own deterministic one
 */
export function backoffMs(params: ActionParams, attempt: number, random: number): number {
  const base = Math.min(params.backoffSec * 2 ** (attempt - 1), params.maxBackoffSec) * 1000;
  return Math.round(base * (0.9 + 0.2 * random));
}

/**
 * When to look, inside one wait, in milliseconds from its beginning: soon at first, so that a short outage ends
 * early, then ever more rarely, and at the wait's end. At most eight looks, so that a long wait stays a short history.
 */
export function probeTimesMs(waitMs: number): number[] {
  const times: number[] = [];
  for (let at = Math.max(1000, waitMs / 128); at < waitMs * 0.75; at *= 2) times.push(Math.round(at));
  return [...times, waitMs];
}
