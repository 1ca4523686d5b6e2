import { readable } from '../message/readable.ts';
import { removed } from './mark.ts';
import { beforeSeam } from './seam.ts';
import { isSecretName } from './secret-names.ts';
import { redactText } from './text.ts';
import { fnv1a128 } from '../report/fnv.ts';
import type { Report } from '../report/report.ts';

/**
 * Text without its secrets (architecture.md, invariant 7): private keys, the environment that `docker inspect` prints,
 * passwords in URLs, values of secret-looking names, tokens by their form. Applied to everything before it is
 * kept, sent or logged. Linear in the text, and redacting twice changes nothing more.
 * @param known secrets known by value (a bot token, a database password), removed wherever they stand
 */
export function redact(text: string, known: readonly string[] = []): string {
  let current = text;
  for (const secret of known) {
    // A very short value would take ordinary words with it.
    if (secret.length >= 6 && !removed.includes(secret)) current = current.replaceAll(secret, removed);
  }
  return redactText(current);
}

/** What a step of an incident says at most, in characters: its redaction costs a workflow task next to nothing. */
const shortLength = 4000;

/**
 * The same for what is short by its nature and is made in a workflow, where a task may not take long. What is longer
 * than it should be ends before whatever the cut went through.
 */
export function redactShort(text: string): string {
  if (text.length <= shortLength) return redact(text);
  return `${redact(beforeSeam(text.slice(0, shortLength))).trimEnd()} […]`;
}

/** Stands for text of which nothing is left: Unicode's replacement character. */
const unreadableSign = '\uFFFD';

/** A report without its secrets, still within the schema's lengths. */
export function redactReport(report: Report, known: readonly string[] = []): Report {
  const clean = (text: string, maxLength: number) => redact(readable(text), known).slice(0, maxLength);
  // What may not be empty, and was nothing but signs that nobody can read.
  const kept = (text: string, maxLength: number) => clean(text, maxLength) || unreadableSign;
  const { error, labels, action, alert } = report;
  const { type, message, traceback } = error;
  const cleanLabels = Object.entries(labels ?? {}).map(([key, value]): [string, string] => [
    clean(key, 200),
    isSecretName(key) ? removed : clean(value, 2000),
  ]);
  return {
    ...report,
    ...(report.task !== undefined && { task: kept(report.task, 200) }),
    ...(report.host !== undefined && { host: kept(report.host, 200) }),
    ...(report.reportId !== undefined && { reportId: cleanId(report.reportId, known) }),
    ...(report.target !== undefined && { target: clean(report.target, 500) }),
    error: {
      message: kept(message, 100_000),
      ...(type !== undefined && { type: clean(type, 500) }),
      ...(traceback !== undefined && { traceback: clean(traceback, 500_000) }),
    },
    ...(labels !== undefined && { labels: Object.fromEntries(cleanLabels) }),
    ...(alert !== undefined && {
      alert: {
        ...alert,
        fingerprint: cleanId(alert.fingerprint, known),
        series: cleanId(alert.series, known),
        ...(alert.blind !== undefined && { blind: clean(alert.blind, 500) }),
      },
    }),
    ...(action !== undefined && {
      action: {
        ...action,
        type: kept(action.type, 64),
        ...(action.target !== undefined && { target: clean(action.target, 500) }),
        ...(action.command !== undefined && { command: clean(action.command, 4000) }),
        ...(action.note !== undefined && { note: clean(action.note, 20_000) }),
      },
    }),
  };
}

/** An id that holds a secret becomes another one, still its own: what is sent twice has to count once. */
function cleanId(id: string, known: readonly string[]): string {
  const clean = redact(id, known);
  return clean === id ? id : fnv1a128(id);
}
