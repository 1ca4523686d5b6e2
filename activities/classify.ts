import { ApplicationFailure } from '@temporalio/activity';
import type { CompiledRules } from '../domain/report/classify.ts';
import type { Estate } from '../domain/estate.ts';
import { explain } from '../domain/vocabulary/explain-schema.ts';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import type { Classified, RunSettings } from '../domain/incident/state.ts';
import { placeReport } from '../domain/report/place-report.ts';
import { redact } from '../domain/redact/redact.ts';
import { reportSchema, type Report } from '../domain/report/report.ts';

export interface ClassifyDeps {
  estate: Estate;
  rules: CompiledRules;
  settings: RunSettings;
  /** Secrets that are known by value: this worker's own. */
  secrets?: readonly string[];
}

/**
 * Says what failed, how bad it is and where, and which incident it belongs to. Pure but for the estate file.
 * It throws ApplicationFailure `InvalidReport`, not to be retried, for what is no report; the message names the field.
 */
export function createClassify({ estate, rules, settings, secrets = [] }: ClassifyDeps) {
  return async ({ report }: { report: Report }): Promise<Classified> => {
    const parsed = reportSchema.safeParse(report);
    if (parsed.success) return { ...placeReport(parsed.data, { estate, rules, secrets }), settings };
    const problem = redact(`not a report: ${explain(parsed.error)}`, secrets);
    throw ApplicationFailure.nonRetryable(problem, failureTypes.invalidReport);
  };
}
