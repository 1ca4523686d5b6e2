import type { RemoteResult } from '../../domain/policy/remote.ts';
import type { SshLayer } from '../gateways/ssh/layer.ts';

export interface RestartRequest {
  host: string;
  /** The full id of 64 hex digits of a container that was looked at: never a name. */
  containerId: string;
  /** How long it may take to stop by itself before docker kills it. */
  stopTimeoutSec: number;
  timeoutMs: number;
  signal?: AbortSignal;
}

/**
 * Issues exactly `docker restart -t N <id>`, once. This is the one command with a side effect that AutoHeal sends
 * to a container; whoever calls it has checked protection (ADR-013 A8), and the host's gate checks it again.
 */
export async function restartContainer(ssh: SshLayer, request: RestartRequest): Promise<RemoteResult> {
  const { host, containerId, stopTimeoutSec, timeoutMs, signal } = request;
  if (!/^[0-9a-f]{64}$/.test(containerId) || !Number.isInteger(stopTimeoutSec) || stopTimeoutSec < 0) {
    return {
      kind: 'failed',
      reason: 'argument_refused',
      message: 'a restart needs the full id of one container and a whole number of seconds',
      advice: 'Look the container up first, and use the id that was found.',
      maybeRan: false,
      durationMs: 0,
    };
  }
  return ssh.run({
    host,
    argv: ['docker', 'restart', '-t', String(stopTimeoutSec), containerId],
    timeoutMs,
    maxOutputBytes: 16_384,
    // Docker says the container's name back when, and only when, it has restarted it.
    isWhole: (stdout) => stdout.split('\n').at(-1) === containerId,
    ...(signal ? { signal } : {}),
  });
}
