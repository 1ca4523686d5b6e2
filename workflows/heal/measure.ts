import { metricMeter } from '@temporalio/workflow';
import type { IncidentState } from '../../domain/incident/state.ts';

/**
 * What is counted of incidents, by the SDK's meter: it counts nothing while a history is replayed, so that each is
 * counted once, whichever worker goes on with it. The worker serves the numbers (AUTOHEAL_METRICS_ADDR).
 */

/** Each report that was counted on an incident, by whichever door it came. */
export const countReport = (source: string): void =>
  metricMeter.createCounter('autoheal_reports_total', '', 'Reports taken, by source').add(1, { source });

/** An incident's end: how, of what, by which playbook, and how long after its report. */
export function countEnd(state: IncidentState, status: string, nowMs: number): void {
  metricMeter
    .createCounter(
      'autoheal_incidents_total',
      '',
      'Incidents that ended, by how, of what, and by which playbook',
    )
    .add(1, {
      status,
      error_type: state.classified.classification.errorType,
      playbook: state.playbook?.name ?? 'none',
    });
  metricMeter
    .createHistogram(
      'autoheal_heal_duration_seconds',
      'float',
      's',
      'From the first report to the verdict, waits included',
    )
    .record((nowMs - state.startedAtMs) / 1000, { status });
}

/** The first word to people about an incident. */
export const countTold = (state: IncidentState, nowMs: number): void =>
  metricMeter
    .createHistogram(
      'autoheal_time_to_tell_seconds',
      'float',
      's',
      'From the first report to the first message that arrived',
    )
    .record((nowMs - state.startedAtMs) / 1000);

/** An action that policy did not allow. @param rule the rule's own name */
export const countRefused = (rule: string): void =>
  metricMeter
    .createCounter('autoheal_actions_refused_total', '', 'Actions that policy did not allow, by rule')
    .add(1, { rule: rule.slice(0, 60) });
