import { setTimeout as sleep } from 'node:timers/promises';
import { peopleTold } from '../../support/people-told.ts';
import type { Site } from './site.ts';

const openHeals = `WorkflowType IN ('HealWorkflow', 'OwedRecordsWorkflow') AND ExecutionStatus = 'Running'`;
/** The list of open runs lags a little behind. */
const quietLooks = 3;

/** Waits until no heal is open any more, and no records are owed. @returns false where one still is after `withinMs` */
export async function drained({ client }: Pick<Site, 'client'>, withinMs: number): Promise<boolean> {
  const begunMs = Date.now();
  for (let quiet = 0; quiet < quietLooks;) {
    if (Date.now() - begunMs > withinMs) return false;
    await sleep(500);
    const { count } = await client.workflow.count(openHeals).catch(() => ({ count: 1 }));
    quiet = count === 0 ? quiet + 1 : 0;
  }
  const leftMs = begunMs + withinMs - Date.now();
  return peopleTold({ client }, leftMs).then(
    () => true,
    () => false,
  );
}
