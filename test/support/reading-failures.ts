import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { estateSchema, taskSchema } from '../../domain/estate.ts';
import type { CompiledRules } from '../../domain/report/classify.ts';
import { placeReport } from '../../domain/report/place-report.ts';
import type { Report } from '../../domain/report/report.ts';
import { taskReport } from '../../domain/task/report.ts';
import { errorTypes } from '../../domain/vocabulary/vocabulary.ts';

/** What a program printed, or what a caller reported. */
type Text = { output: string } | Report['error'];

export interface KnownFailure {
  id: string;
  /** `plain`, `hard` (its words mislead) or `lang` (not in English). */
  kind: string;
  /** What a person who knows the program calls it, and what would do as well. */
  label: string;
  alsoOk: string[];
  text: Text;
}

export interface KnownPair {
  id: string;
  want: 'same' | 'different';
  a: Text;
  b: Text;
}

const folder = join(import.meta.dirname, '..', 'fixtures', 'failures');
const readLines = <T>(file: string): T[] =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

export const knownFailures = (): KnownFailure[] => readLines('errors.jsonl');
export const knownPairs = (): KnownPair[] => readLines('pairs.jsonl');

const estate = estateSchema.parse({});
const task = taskSchema.parse({ cron: '0 6 * * *', command: ['true'], host: 'h1' });

/** The report that the text becomes on its way: by the scheduler where it is a program's output. */
export function reportOf(text: Text): Report {
  if (!('output' in text)) return { source: 'task', error: text };
  return taskReport({
    name: 'job',
    task,
    end: {
      kind: 'failed',
      reason: 'ended with exit code 1',
      exitCode: 1,
      outputTail: text.output,
      durationMs: 1,
    },
    run: 1,
    occurredAt: '2026-04-19T03:00:00Z',
    reportId: 'r',
  });
}

export const read = (text: Text, rules: CompiledRules) =>
  placeReport(reportOf(text), { estate, rules }).classification;

const restarts = ['CONTAINER_UNHEALTHY', 'CONTAINER_EXITED', 'OOM_KILLED'];
const waits = ['DB_UNREACHABLE', 'DNS_FAIL', 'CONNECTION_REFUSED', 'UPSTREAM_TIMEOUT', 'RATE_LIMITED'];

export interface Figures {
  /** Shares, 0 to 1: of all, and of those that are not in English. */
  acceptable: number;
  acceptableLanguages: number;
  /** Of those that have a type: answered UNKNOWN although that would not do. */
  unknownWithType: number;
  /** Counts: a restart, a wait, where neither would do. */
  wrongRestarts: number;
  pointlessWaits: number;
  /** `WANTED>GOT`, how often, where it would not do. */
  confusion: Record<string, number>;
  misses: string[];
}

/** How well the rules read failures whose type is known. */
export function figuresOf(failures: readonly KnownFailure[], rules: CompiledRules): Figures {
  const answers = failures.map((failure) => {
    const got = read(failure.text, rules).errorType;
    const ok = [failure.label, ...failure.alsoOk];
    return { failure, got, ok, isOk: ok.includes(got) };
  });
  const wrong = answers.filter(({ isOk }) => !isOk);
  const share = (all: typeof answers) => all.filter(({ isOk }) => isOk).length / Math.max(1, all.length);
  const would = (types: readonly string[]) =>
    wrong.filter(({ got, ok }) => types.includes(got) && !ok.some((type) => types.includes(type))).length;
  const typed = answers.filter(({ failure }) => failure.label !== 'UNKNOWN');
  const confusion: Record<string, number> = {};
  for (const { failure, got } of wrong) {
    const key = `${failure.label}>${got}`;
    confusion[key] = (confusion[key] ?? 0) + 1;
  }
  return {
    acceptable: share(answers),
    acceptableLanguages: share(answers.filter(({ failure }) => failure.kind === 'lang')),
    unknownWithType: typed.filter(({ got, isOk }) => !isOk && got === 'UNKNOWN').length / typed.length,
    wrongRestarts: would(restarts),
    pointlessWaits: would(waits),
    confusion,
    misses: wrong.map(({ failure, got }) => `${failure.id}: ${failure.label}, read as ${got}`),
  };
}

/** Shares of the pairs that are told right: same kept together, different kept apart. */
export function pairFigures(
  pairs: readonly KnownPair[],
  rules: CompiledRules,
): { same: number; different: number } {
  const right = pairs.filter(
    ({ want, a, b }) => (read(a, rules).fingerprint === read(b, rules).fingerprint) === (want === 'same'),
  );
  const share = (want: KnownPair['want']) =>
    right.filter((pair) => pair.want === want).length / pairs.filter((pair) => pair.want === want).length;
  return { same: share('same'), different: share('different') };
}

/** Every label is a type that there is: a fixture with a spelling mistake would count as a miss for ever. */
export const unknownLabels = (failures: readonly KnownFailure[]): string[] =>
  failures
    .flatMap(({ label, alsoOk }) => [label, ...alsoOk])
    .filter((label) => !errorTypes.some((type) => type === label));
