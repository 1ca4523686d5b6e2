import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { Sight } from '../../activities/look-at-container.ts';
import type { Place } from '../../domain/incident/decide.ts';
import type { Playbook } from '../../domain/playbook/playbook.ts';
import { giveUp } from '../../domain/incident/verdict.ts';
import type { Approval } from '../messages.ts';
import { looking, thinking } from '../proxies.ts';
import { continueWaiting, isLong } from './carried-incident.ts';
import type { HealRun, Outcome } from './run.ts';

/** A request for a person's decision: one-use code, and the decision once it is there. */
export interface ApprovalRequest {
  nonce: string;
  /** What people were shown: an answer is to this, and to nothing else. */
  asked: string;
  playbook: Playbook | null;
  /** ISO time: no decision by then is a no. */
  until: string;
  /** What was seen of the target when a person was asked; null where there is nothing to see. */
  situation: string | null;
  decision: (Approval & { name: string }) | null;
}

/**
 * Rule 9: waits, durably, for a decision; no decision is a no. What was approved is what runs: the container is
 * looked at again afterwards, and a changed situation voids the approval.
 * @returns null when approved
 */
export async function awaitApproval(
  run: HealRun,
  playbook: Playbook,
  place: Place,
  seen: Sight,
): Promise<Outcome | null> {
  const what = `${playbook.actionType} of ${place.target ?? 'the target'} on ${place.host ?? 'its host'}`;
  // An earlier run of this incident may have asked for the same: then what it saw counts.
  const earlier = run.approvalBefore?.situation;
  const before = stillAsked(run, `${what} (${earlier})`)?.situation ?? situation(seen);
  const { approvalDeadlineMin } = playbook.actionParams;
  const no = await ask(run, `${what} (${before})`, approvalDeadlineMin, before);
  if (no !== null) return no;
  const after = situation(await lookAtPlace(place));
  if (after === before) return null;
  return denied(`the situation changed after the approval, which is void (then: ${before}; now: ${after})`);
}

/**
 * Asks, and waits for the answer or the deadline. A request for the very same that an earlier run of this incident
 * made stands; one for anything else is void. @returns null when approved
 */
export async function ask(
  run: HealRun,
  asked: string,
  deadlineMin: number,
  seen: string | null = null,
): Promise<Outcome | null> {
  const open = stillAsked(run, asked);
  const request = open ?? (await newRequest(run, asked, deadlineMin, seen));
  const { nonce, until } = request;
  run.approval = request;
  run.approvalBefore = null;
  run.become('awaiting_approval', `a decision on ${asked}`, until);
  if (open === null) {
    const noticeId = `${run.incidentId}/approval/${nonce}`;
    run.owed.notice(run.notice('approval', { noticeId, reason: asked, nonce, until }));
  }
  const isTooLong = () => isLong(run) && allHandlersFinished();
  const leftMs = Math.max(0, Date.parse(until) - Date.now());
  const woken = await condition(() => request.decision !== null || isTooLong(), leftMs, {
    summary: 'deadline of the approval',
  });
  if (woken && request.decision === null) await continueWaiting(run, { approval: request });
  run.approval = null;
  const { decision } = request;
  if (decision === null) return denied(`nobody decided on ${asked} until ${until}`);
  const { by, name, approve, chat = null } = decision;
  run.metadata['approval'] = { by, name, chat, approve, asked };
  run.note(`${decision.approve ? 'approved' : 'denied'} by ${decision.name}`);
  return decision.approve ? null : denied(`${decision.name} denied ${asked}`);
}

/** What an earlier run of this incident asked for, where that is the very same. */
function stillAsked({ approvalBefore: before, playbook }: HealRun, asked: string): ApprovalRequest | null {
  const isSame = before?.asked === asked && JSON.stringify(before.playbook) === JSON.stringify(playbook);
  return isSame ? before : null;
}

const newRequest = async (
  { playbook }: HealRun,
  asked: string,
  deadlineMin: number,
  seen: string | null,
): Promise<ApprovalRequest> => ({
  nonce: await thinking.makeNonce(),
  asked,
  playbook,
  until: new Date(Date.now() + deadlineMin * 60_000).toISOString(),
  situation: seen,
  decision: null,
});

/** The answer to the update `decide`: only an active admin, only with the one-use code, only once. */
export async function takeDecision(
  run: HealRun | null,
  approval: Approval,
): Promise<{ accepted: boolean; reason: string }> {
  const request = run?.approval ?? null;
  if (request === null) return { accepted: false, reason: 'nothing awaits a decision here' };
  if (approval.nonce !== request.nonce)
    return { accepted: false, reason: 'the code is not the one of this request' };
  const approver = await thinking.checkApprover({ by: approval.by });
  if (!approver.ok) return { accepted: false, reason: approver.reason };
  if (Date.now() >= Date.parse(request.until))
    return { accepted: false, reason: `it was asked until ${request.until}` };
  if (request.decision !== null || run?.approval !== request)
    return { accepted: false, reason: 'it is decided already' };
  request.decision = { ...approval, name: approver.name };
  return { accepted: true, reason: approval.approve ? 'approved' : 'denied' };
}

/** What is there now, by a look on the host. */
export function lookAtPlace({ host, container }: Place): Promise<Sight> {
  const summary = `look at ${container ?? 'the container'} on ${host ?? 'its host'}`;
  const input = { host: host ?? '', container: container ?? '' };
  return looking.lookAtContainer.executeWithOptions({ summary }, [input]);
}

function situation(seen: Sight): string {
  if (seen.kind !== 'found') return seen.reason;
  const { id, status, health, startedAt } = seen.container;
  return `${id.slice(0, 12)} ${status}, health ${health}, started ${startedAt}`;
}

function denied(reason: string): Outcome {
  const advice = { en: 'Decide and act by hand, or report it again to be asked again.' };
  return { status: 'escalated', verdict: giveUp(reason), reason, advice, output: null, tell: true };
}
