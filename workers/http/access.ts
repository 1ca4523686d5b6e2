import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from './problem.ts';

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Compares in constant time; hashed first, so that lengths don't tell anything either. */
const same = (given: string, expected: string): boolean => timingSafeEqual(hash(given), hash(expected));

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Who may use `/v1`. With a token: whoever sends it as `Authorization: Bearer`. Without one the service listens on
 * loopback only (config sees to it), and a request has to name a loopback host, so that no web page in a browser
 * on this machine can reach it under a name of its own.
 * @param options.sentrySecret client secret of a Sentry integration, whose webhooks can be signed but bring no token
 */
export const access = (options: { token: string | null; sentrySecret: string | null }): MiddlewareHandler => {
  const { token, sentrySecret } = options;
  return async (context, next) => {
    if (token === null) {
      if (loopback.test(context.req.header('host') ?? '')) return next();
      throw new HttpProblem(403, 'Without an API token only this machine may ask. Set AUTOHEAL_API_TOKEN.');
    }
    const given = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (given !== undefined && same(given, token)) return next();
    const signature = context.req.header('sentry-hook-signature');
    if (sentrySecret !== null && signature !== undefined && context.req.path === '/v1/sentry') {
      const expected = createHmac('sha256', sentrySecret)
        .update(await context.req.text(), 'utf8')
        .digest('hex');
      if (same(signature, expected)) return next();
    }
    throw new HttpProblem(401, 'Send the API token: "Authorization: Bearer …" (AUTOHEAL_API_TOKEN).', {
      headers: { 'www-authenticate': 'Bearer realm="autoheal"' },
    });
  };
};
