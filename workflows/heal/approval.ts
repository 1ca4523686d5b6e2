import { condition } from '@temporalio/workflow';
import type { Sight } from '../../activities/look-at-container.ts';
import type { Place } from '../../domain/decide.ts';
import type { Playbook } from '../../domain/playbook.ts';
import { giveUp } from '../../domain/verdict.ts';
import type { Approval } from '../messages.ts';
import { looking, thinking } from '../proxies.ts';
import type { HealRun, Outcome } from './run.ts';

/** A request for a person's decision: one-use code, and the decision once it is there. */
export interface ApprovalRequest {
  nonce: string;
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
  const before = situation(seen);
  const { approvalDeadlineMin } = playbook.actionParams;
  const asked = `${playbook.actionType} of ${place.target ?? 'the target'} on ${place.host ?? 'its host'} (${before})`;
  const no = await ask(run, asked, approvalDeadlineMin);
  if (no !== null) return no;
  const after = situation(await lookAtPlace(place));
  if (after === before) return null;
  return denied(`the situation changed after the approval, which is void (then: ${before}; now: ${after})`);
}

/** Asks, and waits for the answer or the deadline. @returns null when approved */
export async function ask(run: HealRun, asked: string, deadlineMin: number): Promise<Outcome | null> {
  const request: ApprovalRequest = { nonce: await thinking.makeNonce(), decision: null };
  const until = new Date(Date.now() + deadlineMin * 60_000).toISOString();
  run.approval = request;
  run.become('awaiting_approval', `a decision on ${asked}`, until);
  const noticeId = `${run.incidentId}/approval/${request.nonce}`;
  run.owed.notice(run.notice('approval', { noticeId, reason: asked, nonce: request.nonce, until }));
  await condition(() => request.decision !== null, deadlineMin * 60_000, {
    summary: 'deadline of the approval',
  });
  run.approval = null;
  const { decision } = request;
  if (decision === null) return denied(`nobody decided on ${asked} until ${until}`);
  run.metadata['approval'] = { by: decision.by, name: decision.name, approve: decision.approve, asked };
  run.note(`${decision.approve ? 'approved' : 'denied'} by ${decision.name}`);
  return decision.approve ? null : denied(`${decision.name} denied ${asked}`);
}

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
