import { ApplicationFailure, condition, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import { countOf, noticeOwed, without, type Debt } from '../domain/incident/debt.ts';
import type { Notice } from '../domain/message/notice.ts';
import { debtorOf } from '../domain/workflow-ids.ts';
import { Outbox } from './heal/outbox.ts';

/**
 * Writes and tells what earlier incidents owe, for as long as that takes. Nothing is healed here. What the database
 * refuses for good is set aside on the worker's disk and named in the result, and a person is told.
 * @throws ApplicationFailure `NotAnIncidents` when no run of an incident started it: a client can't say what is owed
 */
export async function OwedRecordsWorkflow(input: { debt: Debt }): Promise<{ setAside: string[] }> {
  if (workflowInfo().parent === undefined) {
    const reason = 'records are owed by an incident, whose run starts this one: nothing was written or told';
    throw ApplicationFailure.nonRetryable(reason, failureTypes.notAnIncidents);
  }
  let { debt } = input;
  const setAside: string[] = [];
  const outbox = new Outbox({
    told: () => undefined,
    debt: () => debt,
    paid: (record) => {
      debt = without(debt, record);
    },
    setAside: (what) => {
      setAside.push(what);
      debt = noticeOwed(debt, setAsideNotice(what, setAside.length));
      outbox.deliver();
    },
  });
  outbox.deliver();
  setCurrentDetails(`owes ${countOf(debt)} record(s) and message(s) of earlier incidents`);
  await condition(() => countOf(debt) === 0);
  return { setAside };
}

function setAsideNotice(what: string, number: number): Notice {
  const { workflowId, runId } = workflowInfo();
  return {
    noticeId: `${workflowId}/record_refused/${number}`,
    kind: 'record_refused',
    incidentId: debtorOf(workflowId),
    severity: 'P3',
    errorType: 'UNKNOWN',
    message: 'a record of an earlier incident',
    ...{ task: null, host: null, target: null, playbook: null, actionType: null },
    ...{ attempts: 0, maxAttempts: 0, occurrences: 1, tried: [], output: null, similar: [] },
    reason: `The database refuses a record for good, so it was set aside on the worker's disk: ${what}`,
    advice: {},
    ...{ workflowId, runId, until: null, nonce: null },
  };
}
