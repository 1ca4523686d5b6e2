import { parseArgs } from 'node:util';
import { runChaos } from './chaos.ts';

/** `npm run chaos -- --incidents N --seed S --minutes M --json` */
const { values } = parseArgs({
  options: {
    incidents: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  process.stderr.write(`--${name} is a number above 0, not ${JSON.stringify(text)}.\n`);
  process.exit(2);
}

const incidents = Math.round(numberOf('incidents', values.incidents));
const seed = Math.round(numberOf('seed', values.seed));
/** As many as two busy cores heal while they are being shot at. */
const incidentsAMinute = 60;
const minutes = numberOf('minutes', values.minutes ?? String(Math.max(0.5, incidents / incidentsAMinute)));

const result = await runChaos({
  incidents,
  seed,
  minutes,
  log: (line) => void process.stderr.write(`${line}\n`),
});
const { findings, ...figures } = result;
for (const finding of findings) process.stderr.write(`${finding}\n`);
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
else for (const [name, figure] of Object.entries(figures)) console.log(`${name}: ${JSON.stringify(figure)}`);
process.exitCode = result.ok ? 0 : 1;
