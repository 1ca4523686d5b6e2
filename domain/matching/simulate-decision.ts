import type { Estate } from '../estate.ts';
import { decide } from '../incident/decide.ts';
import { outlookOf } from '../incident/outlook.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { CompiledRules } from '../report/classify.ts';
import { placeReport } from '../report/place-report.ts';
import type { Report } from '../report/report.ts';
import type { RecordedAction } from '../vocabulary/actions.ts';
import type { IncidentStatus } from '../vocabulary/vocabulary.ts';
import { rankPlaybooks } from './rank-playbooks.ts';

/** What would be decided about a report. */
export interface SimulatedDecision {
  errorType: string;
  playbook: string | null;
  actionType: RecordedAction | null;
  status: IncidentStatus;
  reason: string;
}

/** Decides about a report by the given playbooks, without the guard, the database or any side effect. */
export function simulateDecision(
  report: Report,
  { estate, rules, playbooks }: { estate: Estate; rules: CompiledRules; playbooks: Playbook[] },
): SimulatedDecision {
  const placed = placeReport(report, { estate, rules });
  const { facts } = rankPlaybooks(placed, { estate, playbooks, grades: [], problems: [] });
  const decision = decide({ ...facts, pauses: [] });
  return {
    errorType: placed.classification.errorType,
    playbook: 'playbook' in decision ? (decision.playbook?.name ?? null) : null,
    ...outlookOf(decision.kind),
    reason: decision.reason,
  };
}
