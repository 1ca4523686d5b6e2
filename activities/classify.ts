import type { CompiledRules } from '../domain/classify.ts';
import type { Estate } from '../domain/estate.ts';
import { placeReport, type PlacedReport } from '../domain/place-report.ts';
import type { Report } from '../domain/report.ts';

/** What this deployment wants of a run: read here once, so that the run itself stays deterministic. */
export interface RunSettings {
  /** False where the server has no custom search attributes (the time-skipping test server). */
  searchAttributes: boolean;
  /** A wait longer than this is told when it begins (loop.md, Messages). */
  tellWaitsOverSec: number;
}

export interface ClassifyDeps {
  estate: Estate;
  rules: CompiledRules;
  settings: RunSettings;
  /** Secrets that are known by value: this worker's own. */
  secrets?: readonly string[];
}

export interface Classified extends PlacedReport {
  settings: RunSettings;
}

/** Says what failed, how bad it is and where, and which incident it belongs to. Pure but for the estate file. */
export function createClassify({ estate, rules, settings, secrets = [] }: ClassifyDeps) {
  return async ({ report }: { report: Report }): Promise<Classified> => ({
    ...placeReport(report, { estate, rules, secrets }),
    settings,
  });
}
