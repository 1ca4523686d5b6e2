import { heartbeat } from '@temporalio/activity';

/** Runs a long step while telling the server every second that this worker lives, so that its loss shows in seconds. */
export async function whileHeartbeating<T>(step: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => heartbeat(), 1000);
  try {
    return await step();
  } finally {
    clearInterval(beat);
  }
}
