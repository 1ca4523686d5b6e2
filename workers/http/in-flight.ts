import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from './problem.ts';

/** Counts what is under way, so that a flood is turned away instead of piling up in memory. */
export const createInFlight = (limit: number) => {
  let count = 0;
  return {
    count: () => count,
    /** Takes a place; null when none is free. Give it back exactly once. */
    enter: (): (() => void) | null => {
      if (count >= limit) return null;
      count += 1;
      return () => {
        count -= 1;
      };
    },
  };
};
type InFlight = ReturnType<typeof createInFlight>;

/**
 * Turns requests away while too many are under way: 429, and 503 for webhooks, whose senders retry on 5xx only.
 */
export const limitInFlight =
  (inFlight: InFlight, busyStatus: (path: string) => 429 | 503): MiddlewareHandler =>
  async (context, next) => {
    const leave = inFlight.enter();
    if (leave === null) {
      throw new HttpProblem(
        busyStatus(context.req.path),
        'Too many requests are under way; this one was not taken. Send it again.',
        {
          retryAfterSec: 1,
        },
      );
    }
    try {
      await next();
    } finally {
      leave();
    }
  };
