import type { Random } from '../random.ts';
import type { Site } from '../site/site.ts';

export interface FaultCounts {
  dbKills: number;
  dbCuts: number;
  dbAnswersLost: number;
  dbReadOnly: number;
  dbFull: number;
  workerKills: number;
  temporalKills: number;
  sshCuts: number;
  telegramFaults: number;
}

/** One way to break a part, and to leave it whole again. */
export interface Fault {
  weight: number;
  counts: keyof FaultCounts;
  strike(site: Site, random: Random): Promise<void>;
}

/** A part's faults, and how long it is left in peace in between, in ms. */
export interface Troubled {
  faults: readonly Fault[];
  peaceMs: readonly [number, number];
}
