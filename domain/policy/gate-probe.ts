/**
 * How a host proves from outside that `deploy/host-gate/autoheal-gate` is in force. A host without the gate has no
 * such command; one with it answers this line, and refuses whatever is not on the list with exit status 126.
 */
export const gateProbeArgv = ['autoheal-gate-probe'] as const;
export const gateRefusedExitCode = 126;
const gateVersion = 1;

/** Whether the probe's output is the gate's, of a version that this program knows. */
export function isGateAnswer(stdout: string): boolean {
  return stdout.trim() === `autoheal-gate ${gateVersion} in force`;
}
