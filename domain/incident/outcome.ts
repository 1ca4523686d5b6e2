import { giveUp, retryNow, type Verdict } from './verdict.ts';
import type { LookAgain } from './later-look.ts';
import type { FinalStatus } from '../vocabulary/vocabulary.ts';

/** How an incident was settled: from here on only records and messages are left. */
export interface Outcome {
  status: FinalStatus;
  verdict: Verdict;
  reason: string;
  /** What a person must do now, per locale; empty: the playbook's own. */
  advice: Record<string, string>;
  output: string | null;
  /** False where people know already (a pause told once, a cooldown). */
  tell: boolean;
  /** The target is looked at again then, by a run of its own. */
  lookAgain?: LookAgain;
  /** It came back after a heal that had helped. */
  relapse?: boolean;
}

type More = Partial<Pick<Outcome, 'advice' | 'output' | 'tell'>>;

const outcome = (status: FinalStatus, verdict: Verdict, more: More = {}): Outcome => ({
  status,
  verdict,
  reason: verdict.reason,
  advice: {},
  output: null,
  tell: true,
  ...more,
});

export const resolved = (reason: string): Outcome => outcome('resolved', retryNow(reason));
/** The wait is over, and nothing showed whether its cause is gone: the task may run again, and a person is told. */
export const unproven = (reason: string): Outcome => outcome('alerted', retryNow(reason));
export const escalated = (reason: string, more?: More): Outcome => outcome('escalated', giveUp(reason), more);
export const alerted = (reason: string, more?: More): Outcome => outcome('alerted', giveUp(reason), more);
/** @param lookAgain null where nothing held it back that could end */
export const suppressed = (verdict: Verdict, tell: boolean, lookAgain: LookAgain | null = null): Outcome => ({
  ...outcome('suppressed', verdict, { tell }),
  ...(lookAgain === null ? {} : { lookAgain }),
});
/** Rule 6: it is ill again while its playbook still cools down from healing it. */
export const relapsed = (verdict: Verdict, tell: boolean, at: string): Outcome => ({
  ...suppressed(verdict, tell, { why: 'cooldown', at }),
  relapse: true,
});
export const refused = (reason: string, wayForward: string): Outcome =>
  outcome('refused', giveUp(reason), { advice: { en: wayForward } });
