import type { MiddlewareHandler } from 'hono';
import { findJsonFault } from './json-position.ts';
import { isTooDeep } from './nesting.ts';
import { HttpProblem } from './problem.ts';

/**
 * Lets only JSON bodies through to the handlers: 415 for another content type or a compressed body, 400 with the
 * position for a body that isn't JSON, and for one that is nested too deeply.
 */
export const jsonBody = (): MiddlewareHandler => async (context, next) => {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new HttpProblem(
      415,
      `Send the body as application/json${type === '' ? '' : `, not as ${type.slice(0, 100)}`}.`,
    );
  }
  const encoding = context.req.header('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new HttpProblem(415, `Send the body uncompressed, not as ${encoding.slice(0, 100)}.`);
  }
  const text = await context.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const fault = findJsonFault(text);
    const where =
      fault === null
        ? ''
        : ` at line ${fault.line}, column ${fault.column}: ${fault.found} is not expected here`;
    throw new HttpProblem(400, `The body is not valid JSON${where}.`, {
      errors: [{ field: '(body)', detail: `not valid JSON${where}` }],
    });
  }
  if (isTooDeep(body)) {
    const detail = 'nested too deeply to be read';
    throw new HttpProblem(400, `The body is ${detail}.`, { errors: [{ field: '(body)', detail }] });
  }
  return next();
};
