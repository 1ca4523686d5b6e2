import type { Report } from '../../../domain/report/report.ts';
import type { Random } from '../random.ts';
import type { Case, CaseKind, Sending } from './case.ts';
import { healthyApps, hopelessApp } from './estate.ts';

const kinds: readonly (readonly [CaseKind, number])[] = [
  ['exited', 24],
  ['hung', 8],
  ['hopeless', 3],
  ['dns', 14],
  ['database', 10],
  ['rate_limited', 4],
  ['alert', 14],
  ['unknown', 6],
  ['diagnosis', 6],
  ['forbidden_request', 5],
  ['protected', 6],
];

/** How often the same failure is reported: mostly once or a few times, now and then in a storm. */
const sizes: readonly (readonly [readonly [number, number], number])[] = [
  [[1, 1], 50],
  [[2, 4], 40],
  [[5, 12], 7],
  [[30, 60], 3],
];

/** Plans `incidents` failures over `spanMs`: what fails, when, and how often and how it is reported. */
export function planLoad(random: Random, incidents: number, spanMs: number): Case[] {
  return Array.from({ length: incidents }, (_, index) => {
    const startMs = Math.round((index + random.next()) * (spanMs / incidents));
    return planCase(random, index, startMs);
  });
}

function planCase(random: Random, index: number, startMs: number): Case {
  const name = `case-${wordsOf(index)}`;
  const kind = random.pick(kinds);
  const described = describe(random, kind, wordsOf(index));
  const [low, high] = random.pick(sizes);
  const many = random.between(low, high);
  const sendings = Array.from({ length: many }, (_, at): Sending => {
    // One in eight is a report that was sent twice, because its sender never saw the answer.
    const again = at > 0 && random.next() < 0.125;
    return {
      atMs: startMs + (at === 0 ? 0 : random.between(0, 1500)),
      reportId: `${name}/${again ? at - 1 : at}`,
      way: !again && random.next() < 0.15 ? 'foreign' : 'client',
    };
  });
  const cured = random.next() < 0.85;
  return {
    name,
    kind,
    breaks: described.breaks,
    report: { source: 'task', ...described.report, labels: { case: name } },
    curedAfterMs: cured ? random.between(300, 2500) : null,
    sendings: sendings.sort((a, b) => a.atMs - b.atMs),
  };
}

function describe(
  random: Random,
  kind: CaseKind,
  words: string,
): { report: Omit<Report, 'source'>; breaks: Case['breaks'] } {
  const app = random.pick(healthyApps.map((name) => [name, 1] as const));
  const told = (message: string, more: Partial<Report> = {}) => ({
    error: { message },
    target: app,
    ...more,
  });
  switch (kind) {
    case 'exited':
      return {
        report: told(`container ${app} exited with code 1 (${words})`),
        breaks: { container: app, how: 'kill' },
      };
    case 'hung':
      return {
        report: told(`container ${app} is unhealthy (${words})`),
        breaks: { container: app, how: 'hang' },
      };
    case 'hopeless':
      return {
        report: told(`container ${hopelessApp} exited with code 1 (${words})`, { target: hopelessApp }),
        breaks: { container: hopelessApp, how: 'kill' },
      };
    case 'dns': {
      const name = `svc-${words}`;
      return { report: told(`could not translate host name "${name}" to address`), breaks: { name } };
    }
    case 'database': {
      const database = `store-${words}`;
      return {
        report: told(`connection to server at "${database}", port 5432 failed: Connection refused`),
        breaks: { database },
      };
    }
    case 'rate_limited':
      return { report: told(`429 Too Many Requests, rate limit exceeded (${words})`), breaks: null };
    case 'alert':
      return { report: told(`certificate has expired (${words})`), breaks: null };
    case 'unknown':
      return { report: told(`the frobnicator is sad (${words})`), breaks: null };
    case 'diagnosis':
      return { report: told(`no space left on device (${words})`), breaks: null };
    case 'forbidden_request':
      return {
        report: told(`a program asks for a restart (${words})`, {
          target: 'momo-db',
          action: { type: 'DOCKER_RESTART', target: 'momo-db' },
        }),
        breaks: null,
      };
    case 'protected':
      return {
        report: told(`container momo-postgres exited with code 1 (${words})`, { target: 'momo-postgres' }),
        breaks: null,
      };
  }
}

const syllables = ['ba', 'ke', 'li', 'mo', 'nu', 'ra', 'so', 'ti', 'vu', 'ze'];

/** A number as a word: fingerprints leave numbers out, and each case is a failure of its own. */
function wordsOf(index: number): string {
  return String(index)
    .padStart(4, '0')
    .split('')
    .map((digit) => syllables[Number(digit)])
    .join('');
}
