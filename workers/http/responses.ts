import type { z } from '@hono/zod-openapi';
import { problemBody } from './schemas.ts';

/** One documented answer in JSON. */
export const jsonAnswer = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemBody } },
});

/** Answers that every endpoint behind the token can give. */
export const readProblems = {
  400: problem('A field is not valid; `errors` names it'),
  401: problem('No valid bearer token'),
  429: problem('Too many requests under way; see Retry-After'),
  503: problem('A part that is needed is away; see Retry-After'),
};

/** And those of endpoints that take a body. */
export const writeProblems = {
  ...readProblems,
  413: problem('The body is larger than 1 MiB'),
  415: problem('The body is not application/json'),
};

export const notFoundProblem = problem('There is no such incident');
