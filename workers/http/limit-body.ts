import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/**
 * Turns bodies away that are too long. A declared length is the body's own, as Node's parser reads no further, so
 * such a body stays untouched, and is then read in one piece; one that comes in chunks is counted on its way.
 */
export const limitBody = (options: {
  maxSize: number;
  onError: (context: Context) => never;
}): MiddlewareHandler => {
  const count = bodyLimit(options);
  return async (context, next) => {
    const declared = context.req.header('content-length');
    if (declared === undefined || context.req.header('transfer-encoding') !== undefined)
      return count(context, next);
    return Number(declared) > options.maxSize ? options.onError(context) : next();
  };
};
