import { inEnglish, quoted, type Reason } from '../message/reasons.ts';
import type { LookAgain } from './later-look.ts';
import type { FinalStatus } from '../vocabulary/vocabulary.ts';
import { giveUp, retryAt, retryNow, type Verdict } from './verdict.ts';

/** How an incident was settled: from here on only records and messages are left. */
export interface Outcome {
  status: FinalStatus;
  verdict: Verdict;
  /** Why, in English: for records, Temporal's UI and callers. */
  reason: string;
  /** The same for people, whose language is known where they are told. */
  why: Reason;
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
/** A text is what somebody else said. */
type Why = Reason | string;

const reasonOf = (why: Why): Reason => (typeof why === 'string' ? quoted(why) : why);

function outcome(
  status: FinalStatus,
  why: Why,
  verdict: (reason: string) => Verdict,
  more: More = {},
): Outcome {
  const reason = inEnglish(reasonOf(why));
  return {
    status,
    verdict: verdict(reason),
    reason,
    why: reasonOf(why),
    advice: {},
    output: null,
    tell: true,
    ...more,
  };
}

export const resolved = (why: Why): Outcome => outcome('resolved', why, retryNow);
/** The wait is over, and nothing showed whether its cause is gone: the task may run again, and a person is told. */
export const unproven = (why: Why): Outcome => outcome('alerted', why, retryNow);
export const escalated = (why: Why, more?: More): Outcome => outcome('escalated', why, giveUp, more);
export const alerted = (why: Why, more?: More): Outcome => outcome('alerted', why, giveUp, more);
/**
 * @param until ISO time of its end, when the caller may try again; null: nobody knows
 * @param lookAgain null where nothing held it back that could end
 */
export const suppressed = (
  why: Why,
  until: string | null,
  tell: boolean,
  lookAgain: LookAgain | null = null,
): Outcome => ({
  ...outcome('suppressed', why, (reason) => (until === null ? giveUp(reason) : retryAt(until, reason)), {
    tell,
  }),
  ...(lookAgain === null ? {} : { lookAgain }),
});
/** Rule 6: it is ill again while its playbook still cools down from healing it. @param until ISO time of its end */
export const relapsed = (why: Why, until: string, tell: boolean): Outcome => ({
  ...suppressed(why, until, tell, { why: 'cooldown', at: until }),
  relapse: true,
});
export const refused = (why: Why, wayForward: string): Outcome =>
  outcome('refused', why, giveUp, { advice: { en: wayForward } });
