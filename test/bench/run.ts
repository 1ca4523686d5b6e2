import { parseArgs } from 'node:util';
import { openBenchWorld, type BenchWorld } from './bench-world.ts';
import { benchClassification } from './classification.ts';
import { benchDuplicates } from './duplicates.ts';
import { benchLatency } from './heal-latency.ts';
import { benchHttp } from './http-reports.ts';
import { figureJson, figureTable, met, type Figure } from './report.ts';
import { benchOldRecords, benchThroughput } from './throughput.ts';
import { benchWaiting } from './waiting.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const usage = `npm run bench -- [--json] [--full] [--only PART]
  --json   the last line of stdout is one JSON object
  --full   10 000 waiting incidents instead of some hundreds (half an hour)
  --only   classification, latency, duplicates, http, throughput, records or waiting`;

type Part = (world: BenchWorld, log: (line: string) => void) => Promise<Figure[]>;

const parts: Record<string, Part> = {
  latency: (world, log) => benchLatency(world, 25, log),
  duplicates: (world, log) => benchDuplicates(world, 1000, log),
  http: (world, log) => benchHttp(world, 6, log),
  throughput: (world, log) => benchThroughput(world, 60, log),
  records: (world, log) => benchOldRecords(world, { rows: 100_000, rounds: 12 }, log),
  waiting: (world, log) =>
    benchWaiting(
      world,
      options.full
        ? { count: 10_000, waitSec: 750, perSecond: 15 }
        : { count: 300, waitSec: 60, perSecond: 15 },
      log,
    ),
};

async function main(): Promise<number> {
  if (
    options.help ||
    (options.only !== undefined && options.only !== 'classification' && parts[options.only] === undefined)
  ) {
    process.stderr.write(`${usage}\n`);
    return options.help ? 0 : 2;
  }
  const begunMs = performance.now();
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const figures: Figure[] = [];
  if (options.only === undefined || options.only === 'classification') {
    log('\nclassification');
    figures.push(...benchClassification((line) => log(`  ${line}`)));
  }
  if (options.only === 'classification') return show(figures);
  log('Starting Temporal, PostgreSQL, two sshd and a worker');
  const world = await openBenchWorld({ targets: 1200 });
  try {
    for (const [name, part] of Object.entries(parts)) {
      if (options.only !== undefined && options.only !== name) continue;
      log(`\n${name}`);
      await world.quietGuard();
      figures.push(...(await part(world, (line) => log(`  ${line}`))));
    }
  } finally {
    await world.close();
  }
  log(`${Math.round((performance.now() - begunMs) / 1000)} s`);
  return show(figures);
}

function show(figures: readonly Figure[]): number {
  process.stdout.write(`${figureTable(figures)}\n`);
  if (options.json) process.stdout.write(`${figureJson(figures)}\n`);
  return figures.every(met) ? 0 : 1;
}

process.exitCode = await main();
