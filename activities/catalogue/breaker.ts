import type { DatabaseFailure, QueryResult, Row } from '../gateways/postgres/database.ts';

export interface Breaker {
  /**
   * The query's answer; or, soon after a failure, that failure without asking again.
   * @param patienceMs for this answer, where that is less than the breaker's own
   */
  ask<R extends Row>(query: () => Promise<QueryResult<R>>, patienceMs?: number): Promise<QueryResult<R>>;
}

/**
 * Keeps a database that is away from holding up every heal: the first one waits `timeoutMs`, those of the next
 * `pauseMs` don't wait at all. Each kind of question has a breaker of its own: a slow one says nothing of the others. Different ones ask again at the pause's end, whoever is first.
 */
export function createBreaker({ timeoutMs = 1000, pauseMs = 5000, now = Date.now } = {}): Breaker {
  let failure: DatabaseFailure | null = null;
  let askAgainAt = 0;

  return {
    async ask<R extends Row>(
      query: () => Promise<QueryResult<R>>,
      patienceMs = timeoutMs,
    ): Promise<QueryResult<R>> {
      if (failure !== null && now() < askAgainAt) return failure;
      const answer = await within(query(), Math.min(patienceMs, timeoutMs));
      failure = answer.ok || answer.kind === 'refused' ? null : answer;
      askAgainAt = now() + pauseMs;
      return answer;
    },
  };
}

/** Connecting and asking are bounded one by one; here both together are. */
async function within<R extends Row>(asked: Promise<QueryResult<R>>, ms: number): Promise<QueryResult<R>> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<DatabaseFailure>((resolve) => {
    const message = `The database gave no answer within ${ms} ms. It is asked again soon.`;
    timer = setTimeout(() => resolve({ ok: false, kind: 'away', code: 'TIMEOUT', message }), ms);
  });
  try {
    return await Promise.race([asked, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
