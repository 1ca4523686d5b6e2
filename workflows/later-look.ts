import { continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import type { Sight } from '../activities/look-at-container.ts';
import { mayBePassing } from '../domain/container/passing.ts';
import { reportAgain, type LaterLook } from '../domain/incident/later-look.ts';
import { healWorkflowId } from '../domain/workflow-ids.ts';
import { lookAtPlace } from './heal/actions/run-remote.ts';
import { openOrJoin } from './heal/forward.ts';
import { thinking } from './proxies.ts';

/** Between two looks at a pause without an end, and at a host that doesn't answer. */
const askAgainMs = 60_000;
/** After a pause of many targets they are looked at one after another. */
const spreadMs = 20_000;
/** So often a host that can't be asked is asked again. */
const mostTries = 30;
/** How long a state that Docker also passes through has to last before it counts. */
const passingMs = 3000;

/**
 * A look at one target some time after its incident. Ill: the failure is reported anew, so that it goes through
 * lease, budgets and storm like any other; after a heal it is a relapse, and the next playbook's or a person's.
 * Well, or left alone by a person: there is nothing to do.
 * @returns what was found, in words
 */
export async function LaterLookWorkflow(look: LaterLook): Promise<string> {
  const { place } = look;
  let wasPaused = look.why === 'pause';
  for (;;) {
    const pauses = await thinking.readPauses({ host: place.host, target: place.target });
    const [pause] = pauses;
    if (pause === undefined) break;
    wasPaused = true;
    const leftMs = pause.until === null ? askAgainMs : Math.max(1000, Date.parse(pause.until) - Date.now());
    await sleep(leftMs, { summary: 'paused: looked at when the pause is over' });
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof LaterLookWorkflow>(look);
  }
  if (wasPaused) await sleep(Math.random() * spreadMs, { summary: 'one target after another' });
  const found = place.container === null ? null : await see(look);
  if (found !== null && !found.again) return found.why;
  const listener = { workflowId: workflowInfo().workflowId, tellsOutcome: false };
  const report = reportAgain(look, new Date().toISOString());
  await openOrJoin(healWorkflowId(look.fingerprint), report, listener);
  return `reported again: ${found?.why ?? 'there is no container to look at'}`;
}

async function see({ place }: LaterLook): Promise<{ again: boolean; why: string }> {
  let seen: Sight = await lookAtPlace(place);
  for (let tries = 1; seen.kind === 'unreachable' && tries < mostTries; tries++) {
    await sleep(askAgainMs, { summary: 'its host did not answer' });
    seen = await lookAtPlace(place);
  }
  if (
    seen.kind === 'found' &&
    (mayBePassing(seen.container, seen.judgement) || seen.judgement.is === 'ill')
  ) {
    await sleep(passingMs, { summary: 'does that last?' });
    seen = await lookAtPlace(place);
  }
  if (seen.kind === 'found') return { again: seen.judgement.is === 'ill', why: seen.judgement.why };
  // What is protected, or gone, or out of reach is for the incident to say.
  return { again: seen.kind !== 'refused', why: seen.reason };
}
