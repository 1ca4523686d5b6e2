/** A line of a report's text, freed of what a log shipper put before it. */
export interface Line {
  text: string;
  /** The line is a log record of low level (TRACE to INFO): what a program says while nothing is wrong. */
  calm: boolean;
  /** The line begins a log record: it carries a time and a level of its own. */
  record: boolean;
}

/** Colours and other control sequences of terminals, also where only the escape character was taken away. */
const ansi = new RegExp(
  String.raw`(?:\u001b|\u009b|\\x1b|\\u001b)?\[(?:\d{1,3}(?:;\d{1,3}){0,4})?m|\u001b(?:\][^\u0007]{0,200}\u0007|\[[\d;?]{0,20}[A-Za-z]|[()][A-Z0-9])`,
  'g',
);

const time = String.raw`\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z| ?[+-]\d{2}:?\d{2})?`;
const level = String.raw`TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|SEVERE|FATAL|CRIT(?:ICAL)?|ALERT|EMERG|PANIC`;

/** What stands before a line's own text: tried in turn until none fits any more. */
const prefixes: readonly RegExp[] = [
  // docker compose, and pm2
  /^(?:\d{1,4}\|)?[A-Za-z0-9][\w.-]{0,80} *\| ?(?! )/,
  /^(?:\d{1,4}\|)?[A-Za-z0-9][\w.-]{0,80} *\| (?= )/,
  // journald and syslog, RFC 3164 and 5424, also with an ISO time
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} [\w.:-]{1,80} [\w./@-]{1,80}(?:\[\d{1,10}\])?: ?/,
  new RegExp(`^${time} [\\w.-]{1,80} [\\w./@-]{1,80}\\[\\d{1,10}\\]: ?`),
  new RegExp(`^<\\d{1,3}>\\d ${time} \\S{1,255} \\S{1,48} \\S{1,128} \\S{1,32} (?:-|\\[[^\\]]{0,300}\\]) ?`),
  // Docker's own time, and the kubelet's
  new RegExp(`^${time} std(?:out|err) [FP] `),
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3,9}Z /,
  // BuildKit
  /^#\d{1,4} \d{1,6}\.\d{1,3} /,
  // Celery, on each line
  new RegExp(`^\\[${time}: (?:${level})/[\\w-]{1,60}\\] `),
];

const recordStart = new RegExp(
  `^(?:\\[?(?:${time}|\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,6})?)\\]?[^A-Za-z]{0,12}(?:\\[[^\\]]{1,80}\\] ?){0,2}\\[?(?:${level})\\b|\\[?(?:${level})(?:\\]|:| {1,4}\\[|/))`,
  'i',
);
const calmLevel = new RegExp(
  `^(?:\\[?(?:${time}|\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,6})?)?(?:: )?\\]?[^A-Za-z]{0,12}(?:\\[[^\\]]{1,80}\\] ?){0,2})?\\[?(?:TRACE|DEBUG|INFO|NOTICE)\\b|\\blevel=(?:trace|debug|info)\\b|"level":"(?:trace|debug|info)"`,
  'i',
);

/** The text's lines without the prefixes of compose, syslog, journald, Docker and Celery, and without colours. */
export function readLines(text: string): Line[] {
  return text.split(/\r\n|\n|\r/).flatMap((raw) => unwrap(raw.replace(ansi, '')).map(lineOf));
}

function lineOf(raw: string): Line {
  const calm = calmLevel.test(raw);
  let text = raw;
  for (let round = 0; round < 3; round += 1) {
    const prefix = prefixes.find((each) => each.test(text));
    if (prefix === undefined) break;
    text = text.replace(prefix, '');
  }
  return { text, calm: calm || calmLevel.test(text), record: recordStart.test(text) };
}

/** One line of Docker's JSON log, or of a program that logs JSON, as the lines that it stands for. */
function unwrap(line: string): string[] {
  const start = line.indexOf('{"');
  if (start < 0 || start > 80 || !line.trimEnd().endsWith('}')) return [line];
  const entry = parseObject(line.slice(start));
  if (entry === null) return [line];
  if (typeof entry['log'] === 'string' && ('stream' in entry || 'time' in entry)) {
    return entry['log'].replace(/\n$/, '').split('\n');
  }
  const stack = stackOf(entry);
  if (stack === null) return [line];
  const said = ['message', 'msg', 'event']
    .map((key) => entry[key])
    .find((value) => typeof value === 'string');
  const known = typeof said === 'string' && !stack.includes(said) ? [said] : [];
  return [...known, ...stack.split('\n')];
}

function stackOf(entry: Record<string, unknown>): string | null {
  for (const key of [
    'stack',
    'stack_trace',
    'stackTrace',
    'stacktrace',
    'exception',
    'exc_info',
    'traceback',
  ]) {
    const value = entry[key];
    if (typeof value === 'string' && value.includes('\n')) return value;
  }
  for (const key of ['err', 'error', 'exception']) {
    const inner = entry[key];
    if (typeof inner === 'object' && inner !== null && 'stack' in inner && typeof inner.stack === 'string')
      return inner.stack;
  }
  return null;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
