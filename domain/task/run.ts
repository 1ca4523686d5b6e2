/** How one run of a scheduled task's command ended. */
export type TaskEnd =
  | { kind: 'done'; outputTail: string; durationMs: number }
  | {
      kind: 'failed';
      /** A sentence for people: `ended with exit code 1`, `did not end within 1800 s and was ended`. */
      reason: string;
      exitCode: number | null;
      outputTail: string;
      durationMs: number;
    }
  | {
      /** Whether it ran through is not known: its worker was lost or ended, or the way to its host. */
      kind: 'unknown';
      lost: 'worker' | 'host';
      reason: string;
      outputTail: string;
      durationMs: number;
    };

/** The result of ScheduledTaskWorkflow. */
export interface TaskResult {
  task: string;
  /** How often the command was run, the last time with success. */
  runs: number;
  /** Ids of the incidents that its failures opened or joined. */
  incidents: string[];
  durationMs: number;
  /** The end of the last run's output, without secrets. */
  outputTail: string;
}

/** How much of a run's output is kept, in characters; the end of it. */
export const outputTailLength = 65_536;

/** The end of a text, from the beginning of a line where there is one in the last `maxLength` characters. */
export function tailOf(text: string, maxLength: number): string {
  const trimmed = text.trim();
  if (trimmed.length <= maxLength) return trimmed;
  const tail = trimmed.slice(-maxLength);
  const lineEnd = tail.indexOf('\n');
  // One endless line is cut where it has to be, but not through a surrogate pair.
  if (lineEnd === -1) return /^[\uDC00-\uDFFF]/.test(tail) ? tail.slice(1) : tail;
  return tail.slice(lineEnd + 1);
}
