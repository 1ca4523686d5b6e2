import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from './problem.ts';

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Compares in constant time; hashed first, so that lengths don't tell anything either. */
const same = (given: string, expected: string): boolean => timingSafeEqual(hash(given), hash(expected));

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** The one path whose sender signs what it sends. */
const signedPath = '/v1/sentry';

/**
 * Who may use `/v1`. With a token: whoever sends it as `Authorization: Bearer`. Without one the service listens on
 * loopback only (config sees to it), and a request has to name a loopback host, so that no web page in a browser
 * on this machine can reach it under a name of its own. Where Sentry's secret is set, its webhooks have to be
 * signed, token or none: a proxy on this machine, or one that adds the token, proves nothing about who has sent
 * them. The signature is proof enough, as Sentry can send no token.
 * @param options.sentrySecret client secret of a Sentry integration
 */
export const access = (options: { token: string | null; sentrySecret: string | null }): MiddlewareHandler => {
  const { token, sentrySecret } = options;
  return async (context, next) => {
    if (sentrySecret !== null && context.req.path === signedPath) {
      const signature = context.req.header('sentry-hook-signature');
      if (signature === undefined) throw notSigned('It brings no Sentry-Hook-Signature.');
      const expected = createHmac('sha256', sentrySecret)
        .update(await context.req.text(), 'utf8')
        .digest('hex');
      if (!same(signature, expected)) throw notSigned('Its Sentry-Hook-Signature is not that of this body.');
      return next();
    }
    if (token === null) {
      if (loopback.test(context.req.header('host') ?? '')) return next();
      throw new HttpProblem(403, 'Without an API token only this machine may ask. Set AUTOHEAL_API_TOKEN.');
    }
    const given = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (given !== undefined && same(given, token)) return next();
    throw new HttpProblem(401, 'Send the API token: "Authorization: Bearer …" (AUTOHEAL_API_TOKEN).', {
      headers: { 'www-authenticate': 'Bearer realm="autoheal"' },
    });
  };
};

const notSigned = (what: string): HttpProblem =>
  new HttpProblem(
    401,
    `${what} AUTOHEAL_SENTRY_SECRET is set, so only webhooks signed with it are taken: it has to be the client secret of the Sentry integration that sends them.`,
    { headers: { 'www-authenticate': 'Sentry-Hook-Signature' } },
  );
