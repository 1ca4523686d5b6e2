import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { AskWorkersWorkflow } from '../../workflows/ask-workers.ts';
import { hashOf } from '../../settings/follow-estate.ts';
import { readFileSync } from 'node:fs';
import { pollersOf, pollsWithinMs } from '../pollers.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const answersWithinMs = 15_000;

/** The workers: who polled lately, and whether each goes by the estate file as it is now. */
export async function checkWorkers(
  client: Client,
  taskQueue: string,
  estateFile: string | null,
  seenWithinMs = pollsWithinMs,
): Promise<Finding[]> {
  const seen = await pollersOf(client, taskQueue);
  const fresh = seen.filter(({ agoMs }) => agoMs <= seenWithinMs);
  if (fresh.length === 0) {
    const last = seen
      .map(({ identity, agoMs }) => `${identity} ${Math.round(agoMs / 1000)} s ago`)
      .join(', ');
    const advice = 'Start `autoheal worker`. Reports wait in Temporal until then.';
    return [
      fail('worker', `nobody polls ${taskQueue}${last === '' ? '' : `; the last to do so: ${last}`}`, advice),
    ];
  }
  const answers = await ask(
    client,
    taskQueue,
    fresh.map(({ identity }) => identity),
  );
  const here = estateFile === null ? null : hashOf(readFileSync(estateFile, 'utf8'));
  return fresh.map(({ identity, agoMs }) => {
    const answer = answers.find((one) => one.identity === identity)?.description;
    const polled = `polled ${taskQueue} ${Math.round(agoMs / 1000)} s ago`;
    const part = `worker ${identity}`;
    if (answer === undefined || answer === null) {
      const advice =
        'It may have ended since: ask again in three minutes. A worker that goes on polling without an answer is an old release, or stuck: restart it.';
      return warn(part, `${polled}, and does not say what it goes by`, advice);
    }
    const { estate, version } = answer;
    if (estate.problem !== null) {
      const advice = `Correct the file. Until then that worker goes by its content of ${estate.since}.`;
      return fail(part, `does not go by the estate file as it is: ${estate.problem}`, advice);
    }
    if (estate.hash !== here) {
      const advice = `It reads ${estate.file ?? 'no file'}; this is about ${estateFile ?? 'no file'}. A change is in force within seconds where both are the same file.`;
      return fail(
        part,
        `goes by another estate file (${estate.hash ?? 'none'}, here ${here ?? 'none'})`,
        advice,
      );
    }
    return ok(part, `${polled}, version ${version}, estate ${here ?? 'none'}`);
  });
}

/** What each said; nothing where no worker is there to ask them. */
async function ask(client: Client, taskQueue: string, identities: string[]) {
  try {
    return await client.withDeadline(Date.now() + answersWithinMs, () =>
      client.workflow.execute<typeof AskWorkersWorkflow>('AskWorkersWorkflow', {
        workflowId: `ask-workers/${randomUUID()}`,
        taskQueue,
        args: [{ identities }],
        workflowExecutionTimeout: answersWithinMs,
        staticSummary: 'asks each worker what it goes by',
      }),
    );
  } catch {
    return [];
  }
}
