import type { Container } from '../container/container.ts';
import type { Estate } from '../estate.ts';
import type { CommandDecision } from './command.ts';
import { protectionOf } from './protection.ts';
import { refusal } from './refusal.ts';

/** Docker waits this long for a container to stop before it kills it, at most. */
const maxStopTimeoutSec = 300;

/**
 * The one command line with a side effect (ADR-013 A7): `docker restart -t N <full id>`. It is built from a
 * container that was looked up on its host, never from text, and only for one that nothing protects.
 * @param stopTimeoutSec whole seconds from 0 to 300 that the container gets to stop by itself
 */
export function controlledCommand(request: {
  container: Container;
  estate: Estate;
  stopTimeoutSec: number;
}): CommandDecision {
  const { container, estate, stopTimeoutSec } = request;
  if (!/^[0-9a-f]{64}$/.test(container.id) || container.id.length !== 64) {
    const way = 'look the container up on its host first';
    return refusal('identity', 'a restart needs the full id of 64 hexadecimal digits', way);
  }
  if (!Number.isInteger(stopTimeoutSec) || stopTimeoutSec < 0 || stopTimeoutSec > maxStopTimeoutSec) {
    const reason = `the stop timeout ${stopTimeoutSec} is not a whole number of seconds from 0 to ${maxStopTimeoutSec}`;
    return refusal('parameter', reason, 'use 10, which is what Docker itself would take');
  }
  const protection = protectionOf(container, estate);
  if (protection.protected) return refusal(protection.rule, protection.reason, protection.wayForward);
  return {
    ok: true,
    template: `docker restart -t <0..${maxStopTimeoutSec}> <id>`,
    argv: ['docker', 'restart', '-t', String(stopTimeoutSec), container.id],
    // Stopping takes as long as allowed, starting and the daemon's own work a little more.
    timeoutMs: (stopTimeoutSec + 30) * 1000,
    maxOutputBytes: 4096,
  };
}
