import { ApplicationFailure, CancellationScope, continueAsNew } from '@temporalio/workflow';
import type { Classified } from '../../activities/classify.ts';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import type { Report } from '../../domain/report/report.ts';
import { asReport, isPassable, unpassable, unreadable } from '../../domain/report/unread-report.ts';
import type { Carry, HealWorkflow } from '../heal.ts';
import { handOn } from '../incoming.ts';
import { causeOf } from '../cause-of.ts';
import { thinking } from '../proxies.ts';
import { counting, type Inbox } from './inbox.ts';
import { noDebt } from './owed.ts';

/**
 * What failed, and where: the first thing that is asked about a report. Who cancels the run meanwhile cancels the
 * healing, not the record of the failure.
 * @param carried the run goes on from an earlier one, whose debt is not lost over an unreadable report
 * @throws ApplicationFailure `InvalidReport` when the input is no report; those that joined its run are not refused with it
 */
export async function classifyFirst(report: Report, carried: boolean, inbox: Inbox): Promise<Classified> {
  try {
    return await classify(report);
  } catch (error) {
    const cause = causeOf(error);
    if (!(cause instanceof ApplicationFailure) || cause.type !== failureTypes.invalidReport) throw error;
    if (carried) return classify(unreadable);
    const [next, ...rest] = inbox.takeWaiting().filter((joined) => !isSame(joined.report, report));
    if (next === undefined) throw ApplicationFailure.nonRetryable(cause.message, failureTypes.invalidReport);
    const listeners = next.listener === undefined ? [] : [next.listener];
    const carry: Carry = { debt: noDebt(), listeners, later: rest.map(counting) };
    return continueAsNew<typeof HealWorkflow>(next.report, handOn(carry));
  }
}

const classify = (report: Report): Promise<Classified> =>
  CancellationScope.nonCancellable(() =>
    thinking.classify.executeWithOptions({ summary: 'what failed, and where' }, [
      { report: isPassable(report) ? report : unpassable },
    ]),
  );

/** A sender that starts and signals in one call sends its report as both. */
function isSame(signalled: Report, started: Report): boolean {
  const { dryRun: _, ...report } = asReport(started);
  return JSON.stringify(signalled) === JSON.stringify(report);
}
