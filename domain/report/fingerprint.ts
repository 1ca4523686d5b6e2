import type { Link, Place } from './chain.ts';
import type { Evidence } from './evidence.ts';
import { firstFingerprintOf } from './fingerprint-first.ts';
import { fnv1a128 } from './fnv.ts';
import { withPlaceholders } from './placeholders.ts';
import type { Report } from './report.ts';

/** What tells this version's fingerprints from any other version's. A change of what is compared is a new version. */
const version = 'fingerprint 2';

/**
 * The fingerprint of a failure: 32 hexadecimal digits, equal for occurrences of one failure. It is made of where it
 * happened (the target, else task and host), of the classes of the exceptions, of the innermost own frame (file and
 * function, no line), of the standard codes, and of the message with placeholders. What the failure is called by the
 * rules is no part of it: that changes with them. A requested action is a part, so that a request is never mistaken
 * for a plain report. An alert is told apart by its sender, who knows best which of its alerts are one.
 */
export function fingerprintOf(report: Report, evidence: Evidence): string {
  const { action, alert } = report;
  const what = action === undefined ? [] : ['action', action.type, action.target ?? '', action.command ?? ''];
  if (alert !== undefined)
    return hashOf(['alert', alert.series, ...(alert.blind === undefined ? [] : ['blind']), ...what]);
  const codes = Object.entries(evidence.end.codes).map(
    ([system, all]) => `${system} ${[...all].sort().join(' ')}`,
  );
  const classes = evidence.links.map(({ type }) => type).filter((type) => type !== '');
  const place = isOutage(evidence) ? '' : placeOf(evidence.links);
  const message = withPlaceholders(saidOf(report, evidence));
  return hashOf([version, ...whereOf(report), ...classes, place, ...codes.sort(), message, ...what]);
}

/**
 * What earlier versions would have called this failure: an incident that one of them opened is joined, never opened a
 * second time by an update (client/delivery, workflows/heal/front.ts).
 */
export function earlierFingerprintsOf(report: Report, errorType: string, message: string): string[] {
  const { target, task, host, action, alert } = report;
  return alert === undefined
    ? [firstFingerprintOf({ errorType, target, task, host, message, action, alert })]
    : [];
}

const hashOf = (parts: readonly string[]): string =>
  fnv1a128(parts.map((part) => `${part.length}:${part}`).join(''));

const whereOf = ({ target, task, host }: Report): string[] =>
  target === undefined || target === '' ? ['task', task ?? '', host ?? ''] : ['target', target];

/** The words of the exceptions, and the report's own where it says something else. */
function saidOf(report: Report, evidence: Evidence): string {
  if (evidence.chain === null) return evidence.end.text;
  return evidence.links.map(({ message }) => message).join('\n');
}

/**
 * What can't be reached can't be reached from anywhere: which of a job's functions was the first to notice makes no
 * other failure of it.
 */
function isOutage({ end }: Evidence): boolean {
  const { codes, text } = end;
  return (
    codes.dns !== undefined ||
    (codes.errno ?? []).some((name) => /^E(?:CONN|TIMEDOUT|HOST|NET|PIPE|NOSPC|NOMEM)/.test(name)) ||
    /could not translate host name|connection to server (?:at|on)|could not connect to server|server closed the connection/.test(
      text,
    )
  );
}

/** Of the root, else of what it caused: the file without what a release or a machine puts into its path. */
function placeOf(links: readonly Link[]): string {
  const place: Place | null = links.findLast((link) => link.place !== null)?.place ?? null;
  if (place === null) return '';
  return withPlaceholders(`${place.file.replace(/^file:\/\//, '')} ${place.function}`);
}
