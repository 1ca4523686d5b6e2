import { condition, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Notice } from '../domain/notice.ts';
import { Owed, type Debt } from './heal/owed.ts';

/**
 * Writes and tells what earlier incidents owe, for as long as that takes. Nothing is healed here. What the database
 * refuses for good is set aside on the worker's disk and named in the result, and a person is told.
 */
export async function OwedRecordsWorkflow({ debt }: { debt: Debt }): Promise<{ setAside: string[] }> {
  const owed = new Owed(debt, (what) => owed.notice(setAsideNotice(what, owed.setAside.length)));
  setCurrentDetails(`owes ${owed.count} record(s) and message(s) of earlier incidents`);
  await condition(() => owed.nothing);
  return { setAside: owed.setAside };
}

function setAsideNotice(what: string, number: number): Notice {
  const { workflowId, runId } = workflowInfo();
  return {
    noticeId: `${workflowId}/record_refused/${number}`,
    kind: 'record_refused',
    incidentId: workflowId.replace(/^owed\//, ''),
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
