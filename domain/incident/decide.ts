import type { Pause } from '../guard/guard.ts';
import { because, inEnglish, quoted, type Reason } from '../message/reasons.ts';
import { actions, type ActionType, type DecisionKind } from '../vocabulary/actions.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Probe } from '../container/probe.ts';

/**
 * The decision table of loop.md, rules 2 to 5 and 10 to 12, as a pure function of facts. Rule 1 (an incident of
 * this fingerprint is open) is the workflow id; rules 6 to 9 are the guard's and the approver's, asked in order
 * by the workflow once this has said what it would do.
 */

/** A playbook of the failure's type, with what policy says of its action here and now. */
export interface Candidate {
  playbook: Playbook;
  /** Where its action would take place; mostly the incident's own place. */
  place: Place;
  check: CandidateCheck;
}

export type CandidateCheck =
  | { kind: 'ready'; command: string | null }
  | { kind: 'protected'; rule: string; reason: string; wayForward: string; probe: Probe | null }
  /** A diagnosis that can't be made, as nobody knows where: what to do about the failure is known all the same. */
  | { kind: 'unplaced'; reason: string }
  | { kind: 'refused'; rule: string; reason: string; wayForward: string };

/** Where the action would take place: estate keys, and the container's name on its host. */
export interface Place {
  host: string | null;
  target: string | null;
  container: string | null;
}

/** An action that the report itself asks for, after policy has looked at it. */
export type RequestedAction =
  | { kind: 'allowed'; candidate: Candidate }
  | { kind: 'code_fix'; command: string; timeoutSec: number; host: string }
  | { kind: 'refused'; rule: string; reason: string; wayForward: string };

export interface Facts {
  pauses: Pause[];
  requested: RequestedAction | null;
  candidates: Candidate[];
  unknown: boolean;
}

export type Decision =
  | { kind: 'suppress'; rule: 2; pause: Pause; reason: string }
  | {
      kind: 'refuse';
      rule: 3;
      playbook: Playbook | null;
      reason: string;
      wayForward: string;
      /** The policy's own name for it; absent in decisions of an earlier version. */
      policyRule?: string;
    }
  | {
      kind: 'alert';
      rule: 4 | 5 | 10;
      playbook: Playbook | null;
      reason: string;
      why: Reason;
      refused: Refusal | null;
    }
  | { [T in Exclude<ActionType, 'ALERT_ONLY'>]: ActionDecision<DecisionKind<T>> }[Exclude<
      ActionType,
      'ALERT_ONLY'
    >]
  | { kind: 'code_fix'; rule: 9; command: string; timeoutSec: number; host: string; reason: string };

/** What a playbook does (vocabulary/actions.ts), by its word in the table. */
export interface ActionDecision<Kind extends DecisionKind> {
  kind: Kind;
  rule: 5 | 9 | 11 | 12;
  playbook: Playbook;
  place: Place;
  /** What tells that the cause is gone; null where nothing does. */
  probe: Probe | null;
  /** A command of the allowlist, where the action needs one. */
  command: string;
  reason: string;
  refused: Refusal | null;
}

/** Why the playbook's own action was not taken, for the heal log with result `refused`. */
export interface Refusal {
  rule: string;
  reason: string;
  wayForward: string;
  became: 'WAIT_RETRY' | 'ALERT_ONLY';
}

export function decide(facts: Facts): Decision {
  const pause = facts.pauses[0];
  if (pause !== undefined) {
    const why = because('paused', { owner: pause.owner, until: pause.until ?? '', reason: pause.reason });
    return { kind: 'suppress', rule: 2, pause, reason: inEnglish(why) };
  }
  const { requested } = facts;
  if (requested?.kind === 'refused') {
    return {
      kind: 'refuse',
      rule: 3,
      playbook: null,
      reason: requested.reason,
      wayForward: requested.wayForward,
      policyRule: requested.rule,
    };
  }
  if (requested?.kind === 'code_fix') {
    const { command, timeoutSec, host } = requested;
    return {
      kind: 'code_fix',
      rule: 9,
      command,
      timeoutSec,
      host,
      reason: 'a code fix always needs a person’s approval',
    };
  }
  if (requested !== null) {
    const { candidate } = requested;
    // A request for what is protected is refused outright: downgrading is for a playbook's own choice.
    if (candidate.check.kind === 'protected') {
      const { reason, wayForward, rule } = candidate.check;
      const { playbook } = candidate;
      return { kind: 'refuse', rule: 3, playbook, reason, wayForward, policyRule: rule };
    }
    return decideCandidate(candidate);
  }
  const first = facts.candidates[0];
  if (first === undefined) {
    return alert(4, null, because('no_playbook', {}));
  }
  if (facts.unknown) {
    return alert(4, first.playbook, because('unknown_type', {}));
  }
  return decideCandidate(first);
}

function decideCandidate({ playbook, place, check }: Candidate): Decision {
  if (check.kind === 'unplaced') {
    return alert(10, playbook, quoted(check.reason));
  }
  if (check.kind === 'refused') {
    return { kind: 'refuse', rule: 3, playbook, reason: check.reason, wayForward: check.wayForward };
  }
  if (check.kind === 'protected') return downgrade(playbook, place, check);
  const why = because('playbook_matches', { playbook: playbook.name });
  const reason = inEnglish(why);
  const { decision: kind, rule } = actions[playbook.actionType];
  if (kind === 'alert') return alert(10, playbook, why);
  const probe = playbook.actionParams.probe ?? null;
  return { kind, rule, playbook, place, probe, command: check.command ?? '', reason, refused: null };
}

const alert = (
  rule: 4 | 5 | 10,
  playbook: Playbook | null,
  why: Reason,
  refused: Refusal | null = null,
): Decision => ({ kind: 'alert', rule, playbook, reason: inEnglish(why), why, refused });

/** ADR-013 A9: what may not be healed is waited for where its cause can be probed, and told otherwise. */
function downgrade(
  playbook: Playbook,
  place: Place,
  check: Extract<CandidateCheck, { kind: 'protected' }>,
): Decision {
  const became = check.probe === null ? 'ALERT_ONLY' : 'WAIT_RETRY';
  const refused: Refusal = { rule: check.rule, reason: check.reason, wayForward: check.wayForward, became };
  const reason = `${check.reason}; downgraded to ${became}`;
  return check.probe === null
    ? alert(5, playbook, quoted(reason), refused)
    : { kind: 'wait', rule: 5, playbook, place, probe: check.probe, command: '', reason, refused };
}
