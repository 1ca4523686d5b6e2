import { createMatchPlaybook } from '../activities/match-playbook.ts';
import type { CompiledRules } from '../domain/report/classify.ts';
import { decide } from '../domain/incident/decide.ts';
import type { Estate } from '../domain/estate.ts';
import { outlookOf } from '../domain/incident/outlook.ts';
import { placeReport } from '../domain/report/place-report.ts';
import type { Playbook } from '../domain/playbook/playbook.ts';
import type { Report } from '../domain/report/report.ts';
import type { IncidentStatus, RecordedAction } from '../domain/vocabulary/vocabulary.ts';

/** What would be decided about a report. */
export interface Trial {
  errorType: string;
  playbook: string | null;
  actionType: RecordedAction | null;
  status: IncidentStatus;
  reason: string;
}

/** Decides about a report by the given playbooks, without the guard, the database or any side effect. */
export async function tryReport(
  report: Report,
  { estate, rules, playbooks }: { estate: Estate; rules: CompiledRules; playbooks: Playbook[] },
): Promise<Trial> {
  const placed = placeReport(report, { estate, rules });
  const catalogue = {
    playbooks: async () => ({ playbooks, source: 'seeds' as const, problems: [] }),
    grades: async () => [],
    similarCases: async () => ({ cases: [], problem: null }),
  };
  const readPauses = async () => [];
  const { facts, pauses } = await createMatchPlaybook({ estate, catalogue, readPauses })(placed);
  const decision = decide({ ...facts, pauses });
  return {
    errorType: placed.classification.errorType,
    playbook: 'playbook' in decision ? (decision.playbook?.name ?? null) : null,
    ...outlookOf[decision.kind],
    reason: decision.reason,
  };
}
