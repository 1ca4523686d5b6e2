import { classify, type CompiledRules } from './classify.ts';
import type { Place } from '../incident/decide.ts';
import type { Estate } from '../estate.ts';
import type { Classification } from '../playbook/playbook.ts';
import { resolveTarget } from '../policy/target.ts';
import { redactReport } from '../redact/redact.ts';
import type { Report } from './report.ts';

/** A report as both sides of Temporal see it. Placing a placed report changes nothing more. */
export interface PlacedReport {
  /** Without its secrets, of bounded length, its target by the estate's own name. */
  report: Report;
  classification: Classification;
  place: Place;
}

/**
 * Says what failed, where, and which incident it belongs to. A caller needs it to address the incident, and the
 * worker to be sure: both use this, so that they agree wherever they read the same estate and playbook files.
 * @param ground.secrets known by value, a worker's own for example, and removed wherever they stand
 */
export function placeReport(
  report: Report,
  { estate, rules, secrets = [] }: { estate: Estate; rules: CompiledRules; secrets?: readonly string[] },
): PlacedReport {
  const clean = shorten(redactReport(report, secrets));
  const task =
    clean.task !== undefined && Object.hasOwn(estate.tasks, clean.task)
      ? estate.tasks[clean.task]
      : undefined;
  const named = clean.action?.target ?? clean.target ?? task?.target;
  const resolved = resolveTarget(named, clean.host, estate);
  const host = clean.host !== undefined && Object.hasOwn(estate.hosts, clean.host) ? clean.host : null;
  const place: Place = resolved.ok
    ? { host: resolved.host, target: resolved.targetKey, container: resolved.container }
    : { host, target: null, container: null };
  const target = resolved.ok ? resolved.targetKey : named;
  const canonical: Report = target === undefined ? clean : { ...clean, target };
  return { report: canonical, classification: classify(canonical, rules), place };
}

/** What classification reads of each text (domain/report/classify.ts): the head of the message, the tail of a traceback. */
const headLength = 8192;
const tailLength = 32_768;
const cut = '\n[…]\n';

/**
 * Leaves out what nobody reads: every report goes into a history, twice for the first, and a storm holds thousands.
 * Secrets are removed before, because half a key no longer looks like one.
 */
function shorten(report: Report): Report {
  const { message, traceback } = report.error;
  const error = { ...report.error };
  if (message.length > headLength + cut.length + tailLength) {
    error.message = `${message.slice(0, headLength)}${cut}${message.slice(-tailLength)}`;
  }
  if (traceback !== undefined) error.traceback = traceback.slice(-tailLength);
  return { ...report, error };
}
