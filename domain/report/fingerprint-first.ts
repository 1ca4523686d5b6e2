import { fnv1a128 } from './fnv.ts';

/** What a failure's text is reduced to before it is compared: the first characters carry what makes it one kind. */
const maxLength = 2000;

/**
 * Parts of a message that differ from one occurrence to the next, most specific first. All become the same sign:
 * an id may look like a number in one message and like a hexadecimal word in the next.
 */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w/])\/(?:tmp|var\/tmp|var\/folders|run|proc)\/[^\s"'`,;:()]{1,200}/g, '<path>'],
  [/(?<![a-z0-9])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![a-z0-9])/g, '#'],
  [/(?<!\d)\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:z|\s?[+-]\d{2}:?\d{2})?/g, '#'],
  [/(?<!\d)(?:\d{4}[-/]\d{2}[-/]\d{2}|\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?)(?!\d)/g, '#'],
  [/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?!\d)/g, '#'],
  [/(?<![0-9a-z:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![0-9a-z:])/g, '#'],
  [/(?<![a-z0-9])0x[0-9a-f]{1,64}(?![a-z0-9])/g, '#'],
  [/(?<![a-z0-9])(?=[a-f]{0,128}\d)[0-9a-f]{7,128}(?![a-z0-9])/g, '#'],
  [/(?<![a-z0-9])(?=(?:[a-z]{0,64}\d){3})[a-z0-9]{8,64}(?![a-z0-9])/g, '#'],
  [
    /\d+(?:[.,]\d+)*\s?(?:ns|us|µs|ms|secs?|seconds?|s|mins?|minutes?|m|hours?|hrs?|h|days?|d)(?![a-z])/g,
    '#',
  ],
  [/\d+(?:[.,]\d+)*\s?(?:bytes|[kmgt]i?b|b|%)(?![a-z])/g, '#'],
  [/\d+(?:[.,]\d+)*/g, '#'],
  [/\s+/g, ' '],
];

/** A message with its numbers, ids, times, durations, addresses, hexadecimal words and temporary paths replaced. */
function normaliseMessage(message: string): string {
  const start = message.slice(0, maxLength).normalize('NFKC').toLowerCase();
  return volatile.reduce((text, [pattern, word]) => text.replace(pattern, word), start).trim();
}

/**
 * The first version of the fingerprint: an incident that was opened by it goes on to be found by it
 * (domain/report/fingerprint.ts), and nothing new is named by it. 32 hexadecimal digits, equal for occurrences of one failure. It is made of the
 * error type, of where it happened (the target, else task and host) and of the normalised message. A requested
 * action is a part too, so that a request is never mistaken for a plain report of the same failure. An alert is
 * told apart by its sender, who knows best which of its alerts are one: neither its words nor what they are read as
 * make two alerts one, or one alert two between its beginning and its end.
 */
export function firstFingerprintOf(failure: {
  errorType: string;
  target?: string | undefined;
  task?: string | undefined;
  host?: string | undefined;
  message: string;
  action?: { type: string; target?: string | undefined; command?: string | undefined } | undefined;
  alert?: { series: string; blind?: string | undefined } | undefined;
}): string {
  const { errorType, target, task, host, message, action, alert } = failure;
  const where = target === undefined || target === '' ? ['task', task ?? '', host ?? ''] : ['target', target];
  const what = action === undefined ? [] : ['action', action.type, action.target ?? '', action.command ?? ''];
  const which =
    alert === undefined
      ? [errorType, ...where, normaliseMessage(message)]
      : ['alert', alert.series, ...(alert.blind === undefined ? [] : ['blind'])];
  return fnv1a128([...which, ...what].map((part) => `${part.length}:${part}`).join(''));
}
