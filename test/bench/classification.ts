import { placeReport } from '../../domain/report/place-report.ts';
import { compileRules, rulesOf, type CompiledRules } from '../../domain/report/classify.ts';
import { estateSchema } from '../../domain/estate.ts';
import type { Report } from '../../domain/report/report.ts';
import { readPlaybooks } from '../../settings/read-playbooks.ts';
import { figuresOf, knownFailures, knownPairs, pairFigures } from '../support/reading-failures.ts';
import { median, round } from './measure.ts';
import type { Figure } from './report.ts';

const rounds = 60;

/** How well failures are read, how dangerous the mistakes are, and how long it takes. Needs no services. */
export function benchClassification(log: (line: string) => void): Figure[] {
  const { rules } = readPlaybooks();
  const { confusion, ...figures } = figuresOf(knownFailures(), rules);
  const pairs = pairFigures(knownPairs(), rules);
  const mistakes = Object.entries(confusion).map(([pair, count]) => `${pair} ${count}`);
  log(`mistakes: ${mistakes.join(', ') || 'none'}`);
  const shippedMs = timeOf(rules);
  const manyMs = timeOf(manyRules(300));
  log(`10 KB: ${round(shippedMs, 2)} ms with the shipped rules, ${round(manyMs, 2)} ms with 300 rules`);
  const share = (value: number) => round(value, 3);
  return [
    {
      name: 'acceptable',
      what: 'failures read acceptably',
      value: share(figures.acceptable),
      unit: '',
      least: 0.92,
    },
    {
      ...{ name: 'acceptableLanguages', what: 'of those not in English', unit: '', least: 0.8 },
      value: share(figures.acceptableLanguages),
    },
    {
      ...{ name: 'unknownWithType', what: 'UNKNOWN where there is a type', unit: '', goal: 0.08 },
      value: share(figures.unknownWithType),
    },
    { name: 'wrongRestarts', what: 'wrong restarts', value: figures.wrongRestarts, unit: '', goal: 0 },
    { name: 'pointlessWaits', what: 'pointless waits', value: figures.pointlessWaits, unit: '', goal: 3 },
    {
      ...{ name: 'confusion', what: 'mistakes of all kinds', unit: '' },
      value: Object.values(confusion).reduce((sum, count) => sum + count, 0),
    },
    {
      name: 'pairsSame',
      what: 'same failures kept together',
      value: share(pairs.same),
      unit: '',
      least: 0.85,
    },
    {
      ...{ name: 'pairsDifferent', what: 'different failures kept apart', unit: '', least: 0.9 },
      value: share(pairs.different),
    },
    {
      name: 'classifyMs',
      what: '10 KB, shipped rules, redaction too (CPU)',
      value: round(shippedMs, 2),
      unit: 'ms',
    },
    {
      ...{ name: 'classifyManyRulesRatio', what: '10 KB, 300 rules, beside the shipped', unit: '×', goal: 3 },
      value: round(manyMs / shippedMs, 2),
    },
  ];
}

/** Milliseconds of the processor's, whatever else the machine does, for a traceback of 10 KB, at the median. Nothing in it is known, so that every rule is asked. */
function timeOf(rules: CompiledRules): number {
  const estate = estateSchema.parse({});
  const frames = Array.from(
    { length: 160 },
    (_, at) => `  File "/app/jobs/part${at}.py", line ${at}, in step_${at}\n    run(${at})`,
  );
  const traceback = `Traceback (most recent call last):\n${frames.join('\n')}\napp.errors.OddThing: the flux is out of phase\n`;
  const report: Report = {
    source: 'task',
    error: { type: 'app.errors.OddThing', message: 'the flux is out of phase', traceback },
  };
  const times = Array.from({ length: rounds }, () => {
    const begun = process.cpuUsage();
    placeReport(report, { estate, rules });
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  });
  return median(times.slice(rounds / 3));
}

/** As many rules of the usual form: words, classes, and both. */
function manyRules(count: number): CompiledRules {
  const rules = Array.from({ length: count }, (_, at) =>
    at % 3 === 0
      ? { errorType: 'OWN', exception: `Error${at}$`, not: 'unless' }
      : { errorType: 'OWN', any: [`(?i)thing ${at} (?:was |is )?(?:lost|late)`, `part${at}: gone`] },
  );
  return compileRules(rulesOf('own.yaml', rules));
}
