import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { FieldProblem } from '../../domain/webhook/webhook.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'A bearer token is needed',
  403: 'Not allowed from here',
  404: 'There is no such thing',
  405: 'This method is not supported here',
  413: 'The body is too large',
  415: 'The body has to be JSON',
  429: 'Too many requests at once',
  500: 'Something went wrong in AutoHeal',
  503: 'AutoHeal cannot take this now',
};

interface ProblemExtras {
  /** The bad fields, each with what was expected. */
  errors?: readonly FieldProblem[];
  retryAfterSec?: number;
  headers?: Readonly<Record<string, string>>;
}

/** An answer other than success, as RFC 9457 problem details. Thrown by handlers, turned into an answer in one place. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly extras: ProblemExtras;
  /** @param detail for the sender: what happened and what to do */
  constructor(status: number, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.extras = extras;
  }
}

/** The answer in `application/problem+json`. */
export const problemResponse = ({ status, message, extras }: HttpProblem): Response => {
  const title = TITLES[status] ?? 'The request failed';
  const body = {
    type: 'about:blank',
    title,
    status,
    detail: message,
    ...(extras.errors ? { errors: extras.errors } : {}),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(extras.retryAfterSec === undefined
        ? {}
        : { 'retry-after': String(Math.ceil(extras.retryAfterSec)) }),
      ...extras.headers,
    },
  });
};

const AWAY_RETRY_SEC = 5;
const AWAY: Readonly<Record<string, { status: number; detail: string }>> = {
  TEMPORAL_AWAY: { status: 503, detail: 'Temporal cannot be reached; nothing was taken. Send it again.' },
  DATABASE_AWAY: { status: 503, detail: 'The database cannot be reached. Healing goes on; ask again later.' },
  OVERLOADED: { status: 429, detail: 'Too many reports at once; this one was not taken. Send it again.' },
};

/** Errors of the ports by their `code`; null for what nobody foresaw. */
export const problemOf = (error: unknown): HttpProblem | null => {
  if (error instanceof HttpProblem) return error;
  if (error instanceof HTTPException) {
    const detail = error.status === 415 ? 'Send the body as application/json.' : error.message;
    return new HttpProblem(error.status, detail);
  }
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  const away = AWAY[String(error.code)];
  if (away === undefined) return null;
  const retryAfterSec =
    'retryAfterSec' in error && typeof error.retryAfterSec === 'number'
      ? error.retryAfterSec
      : AWAY_RETRY_SEC;
  return new HttpProblem(away.status, away.detail, { retryAfterSec });
};

/** Answers what was thrown; what nobody foresaw goes to the log in full, and to the sender without its text. */
export const answerError =
  (log: (message: string, error: unknown) => void) =>
  (error: unknown, context: Context): Response => {
    const known = problemOf(error);
    if (known !== null) return problemResponse(known);
    log(`${context.req.method} ${context.req.path} failed`, error);
    return problemResponse(
      new HttpProblem(
        500,
        'The report may not have been taken. Send it again; the log of the service has the cause.',
      ),
    );
  };
