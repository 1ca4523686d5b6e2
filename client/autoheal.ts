import { randomUUID } from 'node:crypto';
import { explain } from '../domain/vocabulary/explain-schema.ts';
import { reportSchema, type Report } from '../domain/report/report.ts';
import type { DeliveredReport } from './delivery/report-batcher.ts';
import type { Drained } from './spool/drain.ts';
import { deliverInOrder, drainSession, handOver, type HandedOver } from './delivery/deliver-or-spool.ts';
import { reportOf, type FailureContext } from './delivery/report-from-error.ts';
import { mayRunAgain } from './delivery/retry-lease.ts';
import { openSession, type AutoHealOptions } from './session.ts';
import { runWithAutoHeal, type WithAutoHealOptions } from './with-autoheal.ts';

export interface HandleOptions {
  /** For delivering, in ms; default 3000. What can't be delivered by then is kept on disk. */
  timeoutMs?: number;
  /** How long to wait for the verdict then, in ms; default 0. */
  waitForVerdictMs?: number;
}

/** An action that a program asks for (ADR-013 A13). It goes through the same policy as every other, and may be refused. */
export interface RequestedAction {
  source: 'code_fix' | 'resource' | 'elephant_alpha' | 'api';
  /** `DOCKER_RESTART`, `SSH_CMD`, `ALERT_ONLY`, `WAIT_RETRY` or `CODE_FIX`. */
  type: string;
  target?: string;
  command?: string;
  /** Free text, a model's for example: read by people, never a part of a command. */
  note?: string;
  /** Why it is wanted, in a sentence. */
  reason: string;
}

/** AutoHeal, as a scheduler or any other program uses it. */
export interface AutoHeal {
  /**
   * Reports a failure.
   * @throws DeliveryProblem when Temporal is away or refuses; the report is not kept then
   */
  reportException(
    error: unknown,
    context?: FailureContext,
    options?: { timeoutMs?: number },
  ): Promise<DeliveredReport>;
  /** Reports a failure, or keeps the report for later. It never throws, and ends in bounded time (ADR-013 A4). */
  handleException(error: unknown, context?: FailureContext, options?: HandleOptions): Promise<HandedOver>;
  /** Runs a task and does as the verdict says when it fails; what it throws comes through unchanged. */
  withAutoHeal<T>(
    task: string,
    run: (attempt: number) => Promise<T> | T,
    options?: WithAutoHealOptions,
  ): Promise<T>;
  /**
   * Asks for an action.
   * @throws TypeError naming the field, when the request is not valid
   * @throws DeliveryProblem when Temporal is away or refuses
   */
  requestAction(request: RequestedAction): Promise<DeliveredReport>;
  /** Delivers reports that were kept while Temporal was away. Never throws. */
  drainSpool(): Promise<Drained>;
  /** Ends the connection to Temporal, unless it is the caller's own. */
  close(): Promise<void>;
}

const defaultTimeoutMs = 3000;

/** Nothing is read or connected before it is used. */
export function createAutoHeal(options: AutoHealOptions = {}): AutoHeal {
  const session = openSession(options);

  const handle = async (
    error: unknown,
    context: FailureContext,
    { timeoutMs, waitForVerdictMs }: HandleOptions,
  ): Promise<HandedOver> => {
    try {
      const bounds = { timeoutMs: timeoutMs ?? defaultTimeoutMs, waitForVerdictMs: waitForVerdictMs ?? 0 };
      return await handOver(session, reportOf(error, context), bounds);
    } catch (unexpected) {
      return { delivered: false, spooled: false, problem: String(unexpected) };
    }
  };

  return {
    reportException: (error, context, { timeoutMs = defaultTimeoutMs } = {}) =>
      deliverInOrder(session, reportOf(error, context), timeoutMs),
    handleException: (error, context = {}, bounds = {}) => handle(error, context, bounds),
    withAutoHeal: (task, run, settings) =>
      runWithAutoHeal(
        {
          report: (error, context, waitForVerdictMs) => handle(error, context, { waitForVerdictMs }),
          askToRunAgain: (handed) => mayRunAgain(session, handed, { task, target: settings?.target }),
        },
        task,
        run,
        settings,
      ),
    requestAction: async (request) => deliverInOrder(session, requestReport(request), defaultTimeoutMs),
    drainSpool: () => drainSession(session),
    close: () => session.close(),
  };
}

function requestReport({ source, reason, ...action }: RequestedAction): Report {
  const target = action.target === undefined ? {} : { target: action.target };
  const error = { type: 'ActionRequested', message: reason };
  const occurredAt = new Date().toISOString();
  const report = reportSchema.safeParse({
    source,
    ...target,
    error,
    action,
    occurredAt,
    reportId: randomUUID(),
  });
  if (report.success) return report.data;
  throw new TypeError(`The request is not valid: ${explain(report.error)}`);
}
