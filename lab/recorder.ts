import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** What really happened on the lab's host, seen from the host's side. Times are ISO 8601. */
export type LabRun =
  /** A command line arrived over SSH. */
  | { kind: 'command'; at: string; commandId: number; commandLine: string }
  | { kind: 'finished'; at: string; commandId: number; exitCode: number; durationMs: number }
  /** A container's process was really stopped or started, or a `docker restart` was taken up. */
  | {
      kind: 'effect';
      at: string;
      effect: 'restart' | 'stop' | 'start' | 'die';
      container: string;
      containerId: string;
      /** The docker command line, `restart policy`, or `lab` for a scene's own doing. */
      by: string;
      /** The SSH command that it came with; null where none did. */
      commandId: number | null;
    };
export type LabEffect = Extract<LabRun, { kind: 'effect' }>;
type Unstamped<T> = T extends LabRun ? Omit<T, 'at'> : never;

/** Keeps every run in memory and in `<dir>/recorder.jsonl`, which outlives the lab: an auditor's only source. */
export class Recorder {
  readonly #file: string;
  readonly #runs: LabRun[] = [];
  readonly #waiting = new Set<{ matches: (run: LabRun) => boolean; resolve: (run: LabRun) => void }>();

  constructor(dir: string) {
    this.#file = join(dir, 'recorder.jsonl');
  }

  all(): readonly LabRun[] {
    return this.#runs;
  }

  /** Command lines in the order in which they arrived. */
  commandLines(): string[] {
    return this.#runs.flatMap((run) => (run.kind === 'command' ? [run.commandLine] : []));
  }

  effects(filter: { container?: string; effect?: LabEffect['effect'] } = {}): LabEffect[] {
    return this.#runs.filter(
      (run): run is LabEffect =>
        run.kind === 'effect' &&
        (filter.container === undefined || run.container === filter.container) &&
        (filter.effect === undefined || run.effect === filter.effect),
    );
  }

  /** Resolves with the next run (from now on) that matches. */
  next(matches: (run: LabRun) => boolean): Promise<LabRun> {
    return new Promise((resolve) => this.#waiting.add({ matches, resolve }));
  }

  add(run: Unstamped<LabRun>): void {
    const stamped: LabRun = { ...run, at: new Date().toISOString() };
    this.#runs.push(stamped);
    // Written at once and in order: what happened must be on disk even if this process is killed next.
    appendFileSync(this.#file, `${JSON.stringify(stamped)}\n`, { mode: 0o600 });
    for (const waiter of this.#waiting) {
      if (!waiter.matches(stamped)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(stamped);
    }
  }
}
