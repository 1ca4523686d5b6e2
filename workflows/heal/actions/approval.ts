import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { Sight } from '../../../activities/look-at-container.ts';
import type { Place } from '../../../domain/incident/decide.ts';
import { escalated, type Outcome } from '../../../domain/incident/outcome.ts';
import type { Approval, ApprovalRequest, IncidentState } from '../../../domain/incident/state.ts';
import { answered, askedEnough, asks } from '../../../domain/incident/transitions.ts';
import type { Playbook } from '../../../domain/playbook/playbook.ts';
import { redact } from '../../../domain/redact/redact.ts';
import { thinking } from '../../proxies.ts';
import { continueIncident, isLong } from '../continue-as-new.ts';
import type { Incident } from '../incident.ts';
import { lookAtPlace } from './run-remote.ts';
import { because, inEnglish, inWords, quoted, type Reason } from '../../../domain/message/reasons.ts';

/**
 * Rule 9: waits, durably, for a decision; no decision is a no. What was approved is what runs: the container is
 * looked at again afterwards, and a changed situation voids the approval.
 * @returns null when approved
 */
export async function awaitApproval(
  incident: Incident,
  playbook: Playbook,
  place: Place,
  seen: Sight,
): Promise<Outcome | null> {
  const what = (situation: string) =>
    because('asked', {
      ...{ action: playbook.actionType, target: place.target ?? '', host: place.host ?? '', situation },
    });
  // An earlier run of this incident may have asked for the same: then what it saw counts.
  const earlier = incident.state.approvalBefore?.situation;
  const before = stillAsked(incident.state, inEnglish(what(`${earlier}`)))?.situation ?? situation(seen);
  const { approvalDeadlineMin } = playbook.actionParams;
  const no = await ask(incident, inEnglish(what(before)), approvalDeadlineMin, before, what(before));
  if (no !== null) return no;
  const after = situation(await lookAtPlace(place));
  if (after === before) return null;
  return denied(because('approval_void', { before, after }));
}

/**
 * Asks, and waits for the answer or the deadline. A request for the very same that an earlier run of this incident
 * made stands; one for anything else is void. @returns null when approved
 */
export async function ask(
  incident: Incident,
  asked: string,
  deadlineMin: number,
  seen: string | null = null,
  why: Reason = quoted(asked),
): Promise<Outcome | null> {
  const open = stillAsked(incident.state, asked);
  const request = open ?? (await newRequest(incident.state, asked, deadlineMin, seen));
  const { nonce, until } = request;
  incident.apply((now) => asks(now, request));
  incident.become('awaiting_approval', `a decision on ${asked}`, until);
  if (open === null) {
    const noticeId = `${incident.state.incidentId}/approval/${nonce}`;
    incident.tell('approval', { noticeId, ...inWords(why), reason: asked, nonce, until });
  }
  const decision = () => incident.state.approval?.decision ?? null;
  const isTooLong = () => isLong(incident) && allHandlersFinished();
  const leftMs = Math.max(0, Date.parse(until) - Date.now());
  const woken = await condition(() => decision() !== null || isTooLong(), leftMs, {
    summary: 'deadline of the approval',
  });
  const decided = decision();
  if (woken && decided === null) await continueIncident(incident);
  incident.apply(askedEnough);
  if (decided === null) return denied(because('nobody_decided', { asked, until }));
  if (decided.approve) return null;
  const said = decided.reason === undefined ? '' : ` (${redact(decided.reason)})`;
  return denied(because('denied', { by: decided.name, asked: `${asked}${said}` }));
}

/** What an earlier run of this incident asked for, where that is the very same. */
function stillAsked({ approvalBefore: before, playbook }: IncidentState, asked: string) {
  const isSame = before?.asked === asked && JSON.stringify(before.playbook) === JSON.stringify(playbook);
  return isSame ? before : null;
}

const newRequest = async (
  { playbook }: IncidentState,
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
  incident: Incident | null,
  approval: Approval,
): Promise<{ accepted: boolean; reason: string }> {
  const no = (reason: string) => ({ accepted: false, reason });
  const request = incident?.state.approval ?? null;
  if (incident === null || request === null) return no('nothing awaits a decision here');
  if (approval.nonce !== request.nonce) return no('the code is not the one of this request');
  const approver = await thinking.checkApprover({ by: approval.by });
  if (!approver.ok) return no(approver.reason);
  if (Date.now() >= Date.parse(request.until)) return no(`it was asked until ${request.until}`);
  const before = incident.state;
  incident.apply((now) => answered(now, { ...approval, name: approver.name }));
  if (incident.state === before) return no('it is decided already');
  return { accepted: true, reason: approval.approve ? 'approved' : 'denied' };
}

function situation(seen: Sight): string {
  if (seen.kind !== 'found') return seen.reason;
  const { id, status, health, startedAt } = seen.container;
  return `${id.slice(0, 12)} ${status}, health ${health}, started ${startedAt}`;
}

const denied = (why: Reason): Outcome =>
  escalated(why, {
    advice: {
      en: 'Decide and act by hand, or report it again to be asked again.',
      'zh-TW': '請自行決定並手動處理；若要再次詢問，請重新回報。',
    },
  });
