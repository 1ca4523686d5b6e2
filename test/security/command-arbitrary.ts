import fc from 'fast-check';
import { allowlist } from '../../domain/policy/allowlist.ts';
import { attacks } from './attacks.ts';
import { commandCases } from './command-cases.ts';

/**
 * Command lines for fuzzing: good ones, then broken in up to four places by what attackers use. Most stay near the
 * allowlist, where a hole would be; some are only noise.
 */
const signs = fc.constantFrom(
  ...' \t\n\r\0;&|<>()$`\\"\'*?[]{}~#!=%@^+,:./-_\u00a0\u200b\u2028\u3000о',
  '--',
  '-f',
  '$(id)',
  '${IFS}',
);
const short = fc.string({ maxLength: 12 });
const nameLike = fc.oneof(
  fc.constantFrom('momo-web', 'momo-db', 'momo-postgres', 'nginx.service', 'a', '-f', '--all', '10', '5432', '0', '1001', '192.0.2.1'),
  fc.stringMatching(/^[-A-Za-z0-9_.]{1,20}$/),
  fc.constantFrom(...Object.values(attacks).filter((attack) => attack.length < 200)),
  short,
); // prettier-ignore

const goodLine = fc
  .tuple(
    fc.constantFrom(...allowlist.map(({ pattern }) => pattern)),
    fc.array(nameLike, { minLength: 3, maxLength: 3 }),
  )
  .map(([pattern, values]) => {
    let next = 0;
    return pattern.replace(/<[^>]+>/g, (parameter) => {
      const value = values[next] ?? 'x';
      next += 1;
      return parameter.includes('..') && next % 2 === 1 ? '10' : value;
    });
  });

type Mutation = (line: string) => string;
const at = fc.nat(200);
const words = (line: string) => line.split(' ');
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, signs).map(([where, sign]): Mutation => (line) => {
    const index = where % (line.length + 1);
    return line.slice(0, index) + sign + line.slice(index);
  }),
  fc.tuple(at, nameLike).map(
    ([where, word]): Mutation =>
      (line) =>
        words(line)
          .toSpliced(where % 8, 0, word)
          .join(' '),
  ),
  fc.tuple(at, nameLike).map(
    ([where, word]): Mutation =>
      (line) =>
        words(line)
          .toSpliced(where % 6, 1, word)
          .join(' '),
  ),
  at.map(
    (where): Mutation =>
      (line) =>
        words(line)
          .toSpliced(where % 6, 1)
          .join(' '),
  ),
  fc.tuple(at, at).map(([from, to]): Mutation => (line) => {
    const list = words(line);
    const [moved = ''] = list.splice(from % Math.max(1, list.length), 1);
    return list.toSpliced(to % (list.length + 1), 0, moved).join(' ');
  }),
  at.map(
    (where): Mutation =>
      (line) =>
        line.slice(0, where % (line.length + 1)),
  ),
  fc.constant<Mutation>((line) => line.toUpperCase()),
  goodLine.map(
    (other): Mutation =>
      (line) =>
        `${line} ${other}`,
  ),
);

export const commandLine: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: goodLine, weight: 4 },
  { arbitrary: fc.constantFrom(...commandCases.map(({ line }) => line)), weight: 1 },
  {
    arbitrary: fc
      .tuple(goodLine, fc.array(mutation, { minLength: 1, maxLength: 4 }))
      .map(([line, mutations]) => mutations.reduce((current, mutate) => mutate(current), line)),
    weight: 8,
  },
  {
    arbitrary: fc.array(fc.oneof(short, signs, nameLike), { maxLength: 8 }).map((parts) => parts.join(' ')),
    weight: 2,
  },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 60 }), weight: 1 },
);
