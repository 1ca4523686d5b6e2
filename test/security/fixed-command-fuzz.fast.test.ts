import { afterAll, beforeAll, expect, it } from 'vitest';
import { estateSchema } from '../../domain/estate.ts';
import { fixedCommandRefusal } from '../../domain/policy/fixed-command.ts';
import { random } from './fixed-command-grammar.ts';
import { startGateHost, type GateHost } from './gate.ts';

/** Fixed commands of a grammar of wrappers, engines and targets: what reaches an engine is never accepted. */

const lines = 100_000;
const seed = Date.now() & 0x7fffffff;
const estate = estateSchema.parse({});
const accepted = (line: string): boolean => {
  const wrong = fixedCommandRefusal(line.split(' '), estate);
  return wrong === null || wrong.rule === 'protected-name';
};

let host: GateHost;
beforeAll(() => {
  host = startGateHost();
});
afterAll(() => host.close());

it(`accepts none of ${lines} lines that dress up an engine, a service manager or the power button`, () => {
  const make = random(seed);
  const passed = Array.from({ length: lines }, () => make.hostile()).filter(accepted);
  expect({ seed, passed: passed.slice(0, 5) }).toEqual({ seed, passed: [] });
});

it('accepts ordinary lines of the same grammar, so that the first test could fail', () => {
  const make = random(seed);
  const plain = Array.from({ length: 5000 }, () => make.plain());
  expect({ seed, refused: plain.filter((line) => !accepted(line)).slice(0, 5) }).toEqual({
    seed,
    refused: [],
  });
});

it('finds the gate of the same opinion about 30,000 lines', async () => {
  const make = random(seed);
  const both = Array.from({ length: 10_000 }, () => [make.hostile(), make.plain(), make.mixed()]).flat();
  const byGate = (await host.checkFixed(both)).map((line) => line === 'free');
  const differing = both.filter((line, at) => accepted(line) !== byGate[at]);
  expect({ seed, differing: differing.slice(0, 5) }).toEqual({ seed, differing: [] });
});
