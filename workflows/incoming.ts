import { inOneLine } from '../domain/message/readable.ts';
import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import type { Listener } from '../domain/incident/counting.ts';
import type { Approval } from '../domain/incident/state.ts';
import { isInstant } from '../domain/report/unread-report.ts';
import type { HealResult, Verdict } from '../domain/incident/verdict.ts';
import { incidentStatuses, verdictKinds } from '../domain/vocabulary/vocabulary.ts';

/**
 * What others send to a workflow, by its shape, before anything in it is touched: a signal can't be refused, and an
 * error in its handler would fail the workflow task again and again. Each reader answers null for what it can't read,
 * and keeps nothing but the fields it knows, within bounds: what is kept may have to fit into a next run's input.
 */

const mostOfName = 200;
const mostOfDetail = 2000;
const mostOfReason = 20_000;

export function readAck(sent: unknown): { by: string } | null {
  const by = textIn(sent, 'by', mostOfName);
  return by === null ? null : { by };
}

export function readCauseGone(sent: unknown): { by: string; detail: string; alert?: string } | null {
  const by = textIn(sent, 'by', mostOfName);
  const detail = textIn(sent, 'detail', mostOfDetail);
  const alert = textIn(sent, 'alert', mostOfName);
  if (by === null || detail === null) return null;
  return alert === null ? { by, detail } : { by, detail, alert };
}

export function readTaskOutcome(sent: unknown): { ok: boolean; detail: string; by: string } | null {
  const ok = fieldOf(sent, 'ok');
  const by = textIn(sent, 'by', mostOfId);
  const detail = textIn(sent, 'detail', mostOfDetail);
  return typeof ok !== 'boolean' || by === null || detail === null ? null : { ok, by, detail };
}

export function readListener(sent: unknown): Listener | null {
  const workflowId = fieldOf(sent, 'workflowId');
  const tellsOutcome = fieldOf(sent, 'tellsOutcome');
  const seconds = fieldOf(sent, 'outcomeTimeoutSec');
  if (!isWorkflowId(workflowId) || typeof tellsOutcome !== 'boolean') return null;
  if (seconds === undefined) return { workflowId, tellsOutcome };
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= longestTaskSec)) return null;
  return { workflowId, tellsOutcome, outcomeTimeoutSec: seconds };
}

export function readListeners(sent: unknown): Listener[] {
  const list: unknown[] = Array.isArray(sent) ? sent : [];
  return list.map(readListener).filter((listener) => listener !== null);
}

/** @returns why it is no decision, where it is none */
export function readApproval(
  sent: unknown,
): { ok: true; approval: Approval } | { ok: false; reason: string } {
  const approve = fieldOf(sent, 'approve');
  const by = textIn(sent, 'by', mostOfName);
  const nonce = textIn(sent, 'nonce', mostOfName);
  if (typeof approve !== 'boolean') return { ok: false, reason: 'approve is neither true nor false' };
  if (by === null || by === '') return { ok: false, reason: 'by does not say who decides' };
  if (nonce === null || nonce === '') return { ok: false, reason: 'nonce has no code of the request' };
  const chat = textIn(sent, 'chat', mostOfName);
  const reason = textIn(sent, 'reason', mostOfReason);
  return {
    ok: true,
    approval: {
      ...{ approve, by, nonce },
      ...(chat === null ? {} : { chat }),
      ...(reason === null ? {} : { reason }),
    },
  };
}

/** @throws ApplicationFailure that names the field: the update is refused, and leaves no trace */
export function refuseMalformedDecision(approval: unknown): void {
  const read = readApproval(approval);
  if (!read.ok)
    throw ApplicationFailure.nonRetryable(`not a decision: ${read.reason}`, failureTypes.notADecision);
}

/** The verdict that an incident's run signals to its listeners. */
export function readVerdict(sent: unknown): HealResult | null {
  const verdict = fieldOf(sent, 'verdict');
  const at = fieldOf(verdict, 'at');
  const isRead =
    isUuid(fieldOf(sent, 'incidentId')) &&
    isOneOf(incidentStatuses, fieldOf(sent, 'status')) &&
    ['playbook', 'actionType'].every((name) => isTextOrNull(fieldOf(sent, name))) &&
    ['attempts', 'durationMs', 'occurrences'].every((name) => isCount(fieldOf(sent, name))) &&
    isOneOf(verdictKinds, fieldOf(verdict, 'kind')) &&
    typeof fieldOf(verdict, 'reason') === 'string' &&
    (at === null || isInstant(at));
  if (!isRead) return null;
  const { incidentId, status, playbook, actionType, attempts, durationMs, occurrences } = sent as HealResult;
  const { kind, reason } = verdict as Verdict;
  return {
    ...{ incidentId, status, playbook, actionType, attempts, durationMs, occurrences },
    verdict: { kind, at: at as string | null, reason: reason.slice(0, mostOfReason) },
    ...catalogueSourceIn(sent),
  };
}

function catalogueSourceIn(sent: unknown): Pick<HealResult, 'catalogueSource'> {
  const source = fieldOf(sent, 'catalogueSource');
  return source === 'database' || source === 'snapshot' || source === 'seeds'
    ? { catalogueSource: source }
    : {};
}

export const isEndless = (hold: unknown): boolean => fieldOf(hold, 'endless') === true;

/** A span in milliseconds. */
export function readSpanMs(sent: unknown, name: string): number | null {
  const value = fieldOf(sent, name);
  return typeof value === 'number' && value >= 0 && value <= longestTaskSec * 1000 ? value : null;
}

/**
 * What an earlier run of this chain hands on: taken only where the run before this one says by its own id that it
 * wrote it. Who starts a workflow chooses its arguments, and no run's id, also where a schedule or a retry starts
 * it again with the same ones.
 */
export function handedOn<T extends object>(sent: Partial<HandedOn<T>> | undefined): Partial<T> {
  const before = workflowInfo().continuedFromExecutionRunId;
  const isOurs = before !== undefined && fieldOf(sent, 'fromRun') === before;
  return isOurs ? (sent as Partial<T>) : {};
}

/** State for the next run of this chain. */
export type HandedOn<T extends object> = T & { fromRun: string };

export const handOn = <T extends object>(state: T): HandedOn<T> => ({
  ...state,
  fromRun: workflowInfo().runId,
});

/** Far longer than any task may take (a day), and than a timer would be wrong with. */
const longestTaskSec = 30 * 24 * 3600;

/** Temporal's bound of an id, in bytes. The server refuses a command that names a longer one, and with it the task. */
const mostOfId = 1000;

function isWorkflowId(value: unknown): value is string {
  // Half a surrogate pair would be no text on its way to the server.
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= mostOfId &&
    !/[\p{Cc}\p{Surrogate}]/u.test(value) &&
    new TextEncoder().encode(value).length <= mostOfId
  );
}

const isUuid = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value);
const isTextOrNull = (value: unknown): boolean =>
  value === null || (typeof value === 'string' && value.length <= mostOfName);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isOneOf = (all: readonly string[], value: unknown): boolean => all.some((each) => each === value);

/** Text that is too long is cut: that it came counts, not each of its words. */
function textIn(sent: unknown, name: string, most: number): string | null {
  const value = fieldOf(sent, name);
  return typeof value === 'string' ? inOneLine(value.slice(0, most)) : null;
}

function fieldOf(sent: unknown, name: string): unknown {
  return typeof sent === 'object' && sent !== null && Object.hasOwn(sent, name)
    ? (sent as Record<string, unknown>)[name]
    : undefined;
}
