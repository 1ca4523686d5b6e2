/** Who had a container do something: a docker command line, or `lab`. */
export interface Cause {
  by: string;
  commandId: number | null;
}
export const byLab: Cause = { by: 'lab', commandId: null };

export interface ContainerView {
  id: string;
  name: string;
  status: 'created' | 'running' | 'paused' | 'restarting' | 'exited';
  /** As docker says it: also while it is paused, or waits for its restart policy. */
  running: boolean;
  health: 'healthy' | 'unhealthy' | 'starting' | 'none';
  pid: number;
  exitCode: number;
  oomKilled: boolean;
  createdAt: string;
  startedAt: string;
  finishedAt: string;
  restartCount: number;
}

/** What docker writes for a time that has not come. */
export const neverTime = '0001-01-01T00:00:00Z';

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = { SIGKILL: 9, SIGTERM: 15, SIGINT: 2 };
/** What a shell, and docker, make of an end by a signal. */
export const signalExitCode = (signal: NodeJS.Signals | null): number =>
  128 + ((signal && signalNumbers[signal]) ?? 0);

/** Now, as docker writes it: in UTC with nanoseconds. */
export function dockerTime(): string {
  const below = String(process.hrtime.bigint() % 1_000_000n).padStart(6, '0');
  return new Date().toISOString().replace('Z', `${below}Z`);
}
