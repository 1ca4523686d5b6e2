import { classify as classifyReport, type CompiledRules } from '../domain/classify.ts';
import type { Place } from '../domain/decide.ts';
import type { Estate } from '../domain/estate.ts';
import type { Classification } from '../domain/playbook.ts';
import { resolveTarget } from '../domain/policy/target.ts';
import { redactReport } from '../domain/redact.ts';
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
}

export interface Classified {
  /** The report without its secrets, its target by the estate's own name. */
  report: Report;
  classification: Classification;
  place: Place;
  settings: RunSettings;
}

/** Says what failed, how bad it is and where, and which incident it belongs to. Pure but for the estate file. */
export function createClassify({ estate, rules, settings }: ClassifyDeps) {
  return async ({ report }: { report: Report }): Promise<Classified> => {
    const named = report.action?.target ?? report.target ?? estate.tasks[report.task ?? '']?.target;
    const resolved = resolveTarget(named, report.host, estate);
    const place: Place = resolved.ok
      ? { host: resolved.host, target: resolved.targetKey, container: resolved.container }
      : { host: report.host !== undefined && report.host in estate.hosts ? report.host : null, target: null, container: null };
    const clean = redactReport(report);
    const target = resolved.ok ? resolved.targetKey : named;
    const canonical: Report = target === undefined ? clean : { ...clean, target };
    return { report: canonical, classification: classifyReport(canonical, rules), place, settings };
  };
}
