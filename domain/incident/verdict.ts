import type { Verdict } from './verdict-schema.ts';

export type { HealResult, Verdict } from './verdict-schema.ts';

export const retryNow = (reason: string): Verdict => ({ kind: 'retry_now', at: null, reason });
export const retryAt = (at: string, reason: string): Verdict => ({ kind: 'retry_at', at, reason });
export const giveUp = (reason: string): Verdict => ({ kind: 'give_up', at: null, reason });
