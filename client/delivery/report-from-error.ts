import { cutBegin, cutEnd } from '../../domain/redact/seam.ts';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { reportSchema, type Report } from '../../domain/report/report.ts';

/** What a caller knows about a failure beside the error itself. All of it is optional. */
export interface FailureContext {
  /** The scheduled task that failed, by its name in the estate file. */
  task?: string;
  /** Default: `task` where a task is named, else `api`. */
  source?: Report['source'];
  host?: string;
  target?: string;
  severity?: Report['severity'];
  labels?: Record<string, string>;
  /** ISO 8601 with an offset, or a Date; default: now. */
  occurredAt?: string | Date;
  /** The same id sent twice is counted once; default: a new one. */
  reportId?: string;
  action?: Report['action'];
  dryRun?: boolean;
}

const limits = { type: 500, message: 100_000, traceback: 500_000 };
const maxCauses = 10;

/**
 * Makes a report of whatever was thrown. It never throws: a value that can't be read is reported as such, and a
 * field of the context that breaks a rule is left out and named in the message's labels.
 */
export function reportOf(thrown: unknown, context: FailureContext = {}): Report {
  const occurredAt = isoTime(context.occurredAt);
  const { task, host, target, severity, labels, action, dryRun } = context;
  const fields = { task, host, target, severity, labels, action, dryRun };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const bare = {
    source: context.source ?? (task === undefined ? 'api' : 'task'),
    error: describeThrown(thrown),
    occurredAt,
    reportId: context.reportId ?? randomUUID(),
  };
  const whole = reportSchema.safeParse({ ...bare, ...given });
  if (whole.success) return whole.data;
  const bad = new Set(whole.error.issues.map(({ path }) => String(path[0])));
  const good = Object.fromEntries(Object.entries({ ...bare, ...given }).filter(([name]) => !bad.has(name)));
  const left = whole.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  const labelled = { labels: { leftOut: left.slice(0, 2000) } };
  const rest = reportSchema.safeParse({
    ...bare,
    source: 'api',
    reportId: randomUUID(),
    ...good,
    ...labelled,
  });
  return rest.success ? rest.data : { source: 'api', error: bare.error, reportId: randomUUID(), ...labelled };
}

/** Type, message and stack of a thrown value, its chain of causes included. */
export function describeThrown(thrown: unknown): Report['error'] {
  try {
    if (!isErrorLike(thrown)) return { type: typeName(thrown), message: clip(text(thrown), limits.message) };
    const causes = chain(thrown);
    const type = (causes[0]?.name ?? 'Error').slice(0, limits.type);
    // The last cause says what broke; the first message says what it broke.
    const messages = causes
      .map(({ message }) => message)
      .filter((message, index, all) => message !== '' && all.indexOf(message) === index);
    const message = messages.join('; caused by: ') || type;
    const traceback = causes
      .map(({ stack }, index) => (index === 0 ? stack : `[cause]: ${stack}`))
      .join('\n');
    return {
      ...(type === '' ? {} : { type }),
      message: clip(message, limits.message) || 'an error without a message',
      ...(traceback === '' ? {} : { traceback: cutBegin(traceback, limits.traceback) }),
    };
  } catch {
    return { message: 'something was thrown that cannot be read' };
  }
}

interface Described {
  name: string;
  message: string;
  stack: string;
}

function chain(first: { message: unknown }): Described[] {
  const described: Described[] = [];
  const seen = new Set<unknown>();
  const visit = (error: unknown): void => {
    if (described.length >= maxCauses || seen.has(error) || error === undefined || error === null) return;
    seen.add(error);
    if (!isErrorLike(error)) {
      described.push({ name: typeName(error), message: text(error), stack: text(error) });
      return;
    }
    const { name, message, stack, cause, errors, code } = error as Record<string, unknown>;
    const own =
      typeof name === 'string' && name !== '' && name !== 'Error'
        ? name
        : (error.constructor?.name ?? 'Error');
    // Node puts the reason of a failed connection into `code` where the message is empty.
    const words =
      typeof message === 'string' && message !== '' ? message : typeof code === 'string' ? code : '';
    described.push({
      name: own,
      message: words,
      stack: typeof stack === 'string' ? stack : `${own}: ${words}`,
    });
    visit(cause);
    if (Array.isArray(errors)) errors.forEach(visit);
  };
  visit(first);
  return described;
}

const isErrorLike = (value: unknown): value is { message: unknown; constructor?: { name?: string } } =>
  value instanceof Error ||
  (typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string');

const typeName = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;

const text = (value: unknown): string =>
  (typeof value === 'string'
    ? value
    : inspect(value, { depth: 4, maxStringLength: 10_000, breakLength: Infinity })) ||
  `an empty ${typeName(value)}`;

/** The secrets are still in it. */
const clip = cutEnd;

function isoTime(time: string | Date | undefined): string {
  const parsed = time === undefined ? new Date() : new Date(time);
  return (Number.isNaN(parsed.getTime()) ? new Date() : parsed).toISOString();
}
