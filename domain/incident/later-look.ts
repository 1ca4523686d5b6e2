import type { Report } from '../report/report.ts';
import type { Place } from './decide.ts';

/**
 * A look at a target some time after its incident: `recheck` after a heal, or at the end of what held a heal back.
 * It is a run of its own, one for each target, started with a delay: it holds back no verdict and no worker.
 */
export interface LaterLook {
  why: 'recheck' | 'cooldown' | 'pause';
  place: Place;
  fingerprint: string;
  report: Report;
  incidentId: string;
  /** What was done, where something was. */
  playbook: string | null;
}

/** When such a look is due: ISO time; null: when the pauses over the place are lifted. */
export interface LookAgain {
  why: LaterLook['why'];
  at: string | null;
}

/** What a report says of the heal that it is a relapse of. */
export interface Relapse {
  incidentId: string;
  playbook: string;
}

const incidentLabel = 'autoheal.relapse_of';
const playbookLabel = 'autoheal.healed_by';

/** The failure anew, as the later look found it: of the same fingerprint, and of now. */
export function reportAgain({ why, report, incidentId, playbook }: LaterLook, now: string): Report {
  const { reportId: _, ...again } = report;
  const isRelapse = why !== 'pause' && playbook !== null;
  const labels = isRelapse ? { [incidentLabel]: incidentId, [playbookLabel]: playbook } : {};
  return { ...again, occurredAt: now, labels: { ...report.labels, ...labels } };
}

export function relapseIn({ labels }: Report): Relapse | null {
  const incidentId = labels?.[incidentLabel];
  const playbook = labels?.[playbookLabel];
  return incidentId === undefined || playbook === undefined ? null : { incidentId, playbook };
}
