import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createCommandPolicy,
  standardRules,
  type CommandRules,
  type MatchCommand,
} from '../../domain/policy/command.ts';
import { parameterShapes } from '../../domain/policy/parameter.ts';
import { quoteArgv } from '../../domain/policy/shell-argument.ts';
import { inGrammar } from './allow-grammar.ts';
import { commandLine } from './command-arbitrary.ts';
import { startGateHost, type GateHost } from './gate.ts';
import { parseByShell } from './shell-oracle.ts';

const seed = Date.now() & 0x7fffffff;
const policyCases = 100_000;
const gateCases = 30_000;

/** Accepted lines that a real shell reads otherwise than policy did, or that the grammar doesn't hold. */
function escapesOf(
  matchCommand: MatchCommand,
  lines: readonly string[],
): { accepted: number; escapes: string[] } {
  const accepted = lines.flatMap((line) => {
    const answer = matchCommand(line);
    return answer.ok ? [{ line, argv: answer.argv }] : [];
  });
  const read = parseByShell(accepted.map(({ line }) => line));
  const escapes = accepted.filter(
    ({ argv }, at) => JSON.stringify(read[at]) !== JSON.stringify(argv) || !inGrammar(argv),
  );
  return { accepted: accepted.length, escapes: escapes.map(({ line }) => line) };
}

describe(`fuzzing with seed ${seed}`, () => {
  let lines: string[];
  let host: GateHost;
  beforeAll(() => {
    lines = fc.sample(commandLine, { numRuns: policyCases, seed });
    host = startGateHost();
  });
  afterAll(() => host.close());

  it(`finds no escape in ${policyCases} command lines, by what a real shell makes of them`, () => {
    const { accepted, escapes } = escapesOf(createCommandPolicy(standardRules), lines);
    expect(escapes).toEqual([]);
    expect(accepted).toBeGreaterThan(policyCases / 20);
  });

  it('finds that what is sent, quoted, is read as the very words that policy accepted', () => {
    const matchCommand = createCommandPolicy(standardRules);
    const accepted = lines
      .slice(0, 50_000)
      .map(matchCommand)
      .flatMap((answer) => (answer.ok ? [answer.argv] : []));
    const sent = accepted
      .map((argv) => quoteArgv(argv))
      .map((quoted) => (quoted.ok ? quoted.commandLine : ''));
    expect(parseByShell(sent)).toEqual(accepted);
  });

  it(`finds the gate and the policy of one opinion about ${gateCases} lines`, async () => {
    const matchCommand = createCommandPolicy(standardRules);
    const sendable = lines.filter((line) => !/[\n\0]/.test(line)).slice(0, gateCases);
    const answers = await host.check(sendable);
    expect(answers).toHaveLength(sendable.length);
    const differing = sendable.filter((line, at) => {
      // The gate also takes words in whole single quotes, which is how the worker sends them.
      const unquoted = line.includes("'") ? line.replace(/(?<=^| )'([^' ]+)'(?= |$)/g, '$1') : line;
      const answer = matchCommand(unquoted);
      return (
        answers[at] !==
        (answer.ok ? `allow ${answer.template}` : answers[at]?.startsWith('refuse') ? answers[at] : 'refuse')
      );
    });
    expect(differing).toEqual([]);
  });

  const broken: [string, Partial<CommandRules>][] = [
    ['a name may start with a dash', { shapes: { ...parameterShapes, name: { shape: /^[A-Za-z0-9_.-]+$/, expected: '' } } }],
    ['words may follow the template', { trailingWords: true }],
    ['any number passes', { templates: standardRules.templates.map((t) => ({ ...t, pattern: t.pattern.replace('<1..1000>', '<0..99999>') })) }],
    ['spacing is not looked at', { split: (line) => line.split(/\s+/).filter((word) => word !== '') }],
    [
      'characters are not looked at',
      { strangerIn: () => null, shapes: { ...parameterShapes, name: { shape: /^[^ -][^ ]*$/, expected: '' } } },
    ],
  ]; // prettier-ignore

  it.each(broken)('finds an escape at once where %s', (_what, rule) => {
    const { escapes } = escapesOf(createCommandPolicy({ ...standardRules, ...rule }), lines.slice(0, 3000));
    expect(escapes.length).toBeGreaterThan(0);
  });
});
